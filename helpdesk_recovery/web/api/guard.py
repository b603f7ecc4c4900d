"""Nobody gets in without a live API token that has the scope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from aiohttp import web

from helpdesk_recovery.errors import NotFound
from helpdesk_recovery.storage import staff
from helpdesk_recovery.storage.staff import ApiToken
from helpdesk_recovery.tokens.bad import BadToken
from helpdesk_recovery.tokens.door import Door
from helpdesk_recovery.tokens.kind import API, Scope
from helpdesk_recovery.web.api.query import QueryInvalid
from helpdesk_recovery.web.api.respond import NO_STORE, respond
from helpdesk_recovery.web.api.route import Handle
from helpdesk_recovery.web.keys import SERVICES
from helpdesk_recovery.web.problems import Handler, problem

_REALM = 'Bearer realm="helpdesk-recovery"'


def needs(scope: Scope | None, *, single: bool = False) -> Callable[[Handle], Handler]:
    """Let requests through to the handler with a live token of *scope* only, and make its errors answers."""

    def guard(handle: Handle) -> Handler:
        @wraps(handle)
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                caller = await _caller(request)
                if scope is not None and scope not in caller.scopes:
                    return _forbidden(scope)
                return respond(request, await handle(request, caller), single=single)
            except BadToken as error:
                return _unauthorized(str(error), given="Authorization" in request.headers)
            except NotFound as error:
                return problem(404, str(error), reason=error.reason, headers=NO_STORE)
            except QueryInvalid as error:
                return problem(422, str(error), reason=error.reason, headers=NO_STORE)

        return guarded

    return guard


async def _caller(request: web.Request) -> ApiToken:
    """Return who asks; raise BadToken. What the token may do is read from the database, so revoking works at once."""
    services = request.app[SERVICES]
    now = services.clock()
    claims = Door(services.settings.secret_key.get_secret_value(), API).verify(_bearer(request), now)
    token = await services.database.read(lambda sql: staff.live_token(sql, claims.subject, claims.token_id, now))
    if token is None:
        raise BadToken("revoked")
    return token


def _bearer(request: web.Request) -> str:
    given = request.headers.getall("Authorization", [])
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer":
        raise BadToken("shape")
    return token


def _unauthorized(words: str, *, given: bool) -> web.Response:
    if not given:
        challenge = {**NO_STORE, "WWW-Authenticate": _REALM}
        return problem(401, "Send an API token: Authorization: Bearer …", reason="token", headers=challenge)
    challenge = {**NO_STORE, "WWW-Authenticate": f'{_REALM}, error="invalid_token"'}
    return problem(401, words, reason="token", headers=challenge)


def _forbidden(scope: Scope) -> web.Response:
    challenge = {**NO_STORE, "WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{scope}"'}
    return problem(403, f"The token lacks the scope {scope}.", reason="scope", headers=challenge)
