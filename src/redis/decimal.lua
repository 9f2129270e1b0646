-- Counts are decimal strings: a number of Lua is a double, which is exact up to 2^53 only.

local function larger(a, b)
  return #a > #b or (#a == #b and a > b)
end

-- a + sign * b, 15 digits at a time from the right. The result must not be negative.
local function sum(a, sign, b)
  local text, carry = '', 0
  for last = 1, math.max(#a, #b) + 1, 15 do
    local x, y = a:sub(-last - 14, -last), b:sub(-last - 14, -last)
    local part = (tonumber(x) or 0) + sign * (tonumber(y) or 0) + carry
    text, carry = string.format('%015.0f', part % 1e15) .. text, math.floor(part / 1e15)
  end
  return (text:gsub('^0+(%d)', '%1'))
end

