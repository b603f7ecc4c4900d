import asyncio, logging
from sqlalchemy.util import await_only
from helpdesk_recovery.engine.pgqueuer import PgqueuerEngine
async def test_loop(postgres_url, caplog):
    async def h(job): ...
    es=[PgqueuerEngine(postgres_url,await_only=await_only) for _ in range(12)]; await es[0].prepare()
    rs=[asyncio.create_task(e.run(h,concurrency=1)) for e in es]
    await asyncio.sleep(13)
    for e in es: e.stop()
    await asyncio.gather(*rs)
    print("FAILURES", caplog.text.count("the engine failed"), caplog.text[:300])
