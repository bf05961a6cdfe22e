-- wrk's load: the POSTs of one session or, in turn, of those in a file of sessions (built once, so that Lua costs next to
-- nothing per request), or, without tokens in the environment, a plain GET. Prints its result as one line of JSON.

local token = os.getenv("BENCH_ACCESS_TOKEN")
if token then
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. token
  wrk.headers["ccmessaging-token"] = os.getenv("BENCH_SESSION_TOKEN")
  wrk.headers["x-app-key"] = os.getenv("BENCH_APP_KEY")
  wrk.body = os.getenv("BENCH_BODY")
end

local sessions = os.getenv("BENCH_SESSIONS")
if sessions then
  local requests, turn = {}, 0

  function init()
    for line in io.lines(sessions) do
      local app, access, session = line:match("(%S+) (%S+) (%S+)")
      wrk.headers["x-app-key"] = app
      wrk.headers["Authorization"] = "Bearer " .. access
      wrk.headers["ccmessaging-token"] = session
      requests[#requests + 1] = wrk.format()
    end
  end

  function request()
    turn = turn % #requests + 1
    return requests[turn]
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.4f,"bytes":%d,"p50_ms":%.4f,"p99_ms":%.4f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
