-- Sends each delivery of the pool once; the pool's file is the one argument. Says what happened as JSON.
local pool, at, head, tail = {}, 0, "", ""

function init(arguments)
  local file = assert(io.open(arguments[1], "r"))
  head, tail = file:read("*l"), file:read("*l")
  for line in file:lines() do
    pool[#pool + 1] = line
  end
  file:close()
end

function request()
  at = at + 1
  local id, stamp, signature, number = pool[(at - 1) % #pool + 1]:match("(%S+) (%S+) (%S+) (%S+)")
  local body = head .. number .. tail
  return "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host
    .. "\r\nContent-Type: application/json\r\nUser-Agent: desk/1\r\nContent-Length: " .. #body
    .. "\r\nwebhook-id: " .. id .. "\r\nwebhook-timestamp: " .. stamp
    .. "\r\nwebhook-signature: " .. signature .. "\r\n\r\n" .. body
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%.6f,"p99":%.6f,"refused":%d,"broken":%d,"late":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
