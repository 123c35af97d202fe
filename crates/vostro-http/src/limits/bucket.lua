-- One request against the limit KEYS[1] of ARGV[1] requests a minute: the generic cell rate algorithm, on the
-- server's clock, so that replicas need not agree on the time. What is kept is the theoretical arrival time of the next
-- request, in microseconds. Gives: let through (1 or 0), requests left at once, microseconds until all are left
-- again, microseconds until the next is let through.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local burst = tonumber(ARGV[1])
local interval = 60000000 / burst
local arrival = tonumber(redis.call('GET', KEYS[1]) or now)
if arrival < now then
    arrival = now
end
local following = arrival + interval
local from = following - 60000000
if from > now then
    return { 0, 0, math.ceil(arrival - now), math.ceil(from - now) }
end
redis.call('SET', KEYS[1], string.format('%.3f', following), 'PX', math.ceil((following - now) / 1000))
return { 1, math.floor((now - from) / interval), math.ceil(following - now), 0 }
