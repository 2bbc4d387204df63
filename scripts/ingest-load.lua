-- Alerts for wrk: every request is different, optionally at a fixed rate.
--
-- Environment: FORMAT webhook|list, BATCH alerts per request, RATE requests per second (0: as fast as possible),
-- MARK a word that tells one run's alerts from another's, AUTH the value of Authorization, TARGET the path.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } ingest_time;
  int clock_gettime(int clock, ingest_time *now);
]]
local instant = ffi.new("ingest_time")
local function now()
    ffi.C.clock_gettime(1, instant)
    return tonumber(instant.seconds) * 1000 + tonumber(instant.nanoseconds) / 1e6
end

local batch = tonumber(os.getenv("BATCH") or "1")
local rate = tonumber(os.getenv("RATE") or "0")
local mark = os.getenv("MARK") or "run"
local list = os.getenv("FORMAT") == "list"
local starts = os.date("!%Y-%m-%dT%H:%M:%SZ")

local before = (list and '{' or '{"status":"firing",') ..
    '"labels":{"alertname":"DiskWillFill","instance":"db-17.example.net:9100","job":"node","mountpoint":"/srv/data",' ..
    '"severity":"warning","team":"storage","number":"' .. mark .. "-"
local after = '"},"annotations":{"summary":"The disk of db-17 will be full in four hours",' ..
    '"description":"Filesystem /srv/data on db-17.example.net has 12.4 % space left and is filling at 1.8 GiB/h."},' ..
    '"startsAt":"' .. starts .. '","endsAt":"0001-01-01T00:00:00Z",' ..
    '"generatorURL":"http://prometheus.example.net:9090/graph?g0.expr=predict_linear&g0.tab=1"' ..
    (list and '}' or ',"fingerprint":"0123456789abcdef"}')
if list then after = after:gsub('"endsAt":"[^"]*",', '') end
local open = list and '[' or
    '{"version":"4","groupKey":"{}:{alertname=\\"DiskWillFill\\"}","truncatedAlerts":0,"status":"firing",' ..
    '"receiver":"jarvis","groupLabels":{"alertname":"DiskWillFill"},"commonLabels":{"alertname":"DiskWillFill",' ..
    '"job":"node","severity":"warning"},"commonAnnotations":{},"externalURL":"http://alertmanager.example.net:9093",' ..
    '"alerts":['
local close = list and ']' or ']}'
local length = #open + #close + batch * (#before + 9 + #after) + (batch - 1)
local head = "POST " .. (os.getenv("TARGET") or "/webhook") .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n" ..
    "Content-Type: application/json\r\n" ..
    (os.getenv("AUTH") and ("Authorization: " .. os.getenv("AUTH") .. "\r\n") or "") ..
    "Content-Length: " .. length .. "\r\n\r\n"

local number = 0
function request()
    local parts = { head, open }
    for place = 1, batch do
        number = number + 1
        if place > 1 then parts[#parts + 1] = "," end
        parts[#parts + 1] = before
        parts[#parts + 1] = string.format("%09d", number)
        parts[#parts + 1] = after
    end
    parts[#parts + 1] = close
    return table.concat(parts)
end

-- Slots of a timetable: a server that stalls gets what it missed at once.
local first, slot = nil, 0
if rate > 0 then
    function delay()
        first = first or now()
        slot = slot + 1
        return math.max(0, math.floor(first + slot * 1000 / rate - now()))
    end
end

function done(summary, latency)
    io.write(string.format(
        'RESULT {"requests":%d,"microseconds":%d,"p50_us":%d,"p99_us":%d,"max_us":%d,"refused":%d,"broken":%d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
        summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
