"""Makes lunar_table.h: months of the Chinese calendar by GB/T 33661-2017, for 1900 to 2100.

New moons: Meeus, Astronomical Algorithms, chapter 49. The sun's longitude: his extract of VSOP87,
chapter 25 and appendix. Difference of dynamical and universal time: Espenak and Meeus's
polynomials. Days are Beijing's: local mean time (UTC+7:45:40) until 1928, UTC+8 from 1929, as the
calendar was made. `check` as argument prints rows as text, and on standard error what falls within
six minutes of midnight.

Compared with a widely used public table of 1900 to 2049 extended to 2100, it differs in 1906, 1933, 1996,
2033, 2060 and 2097: there the table is known to be wrong, or a new moon lies within minutes of
midnight. Years before 1912 were reckoned by the old court, and a day may be off.
"""
import math
import sys

def delta_t(year):
    t = year - 2000
    if year < 1920:
        u = year - 1900
        return -2.79 + 1.494119*u - 0.0598939*u**2 + 0.0061966*u**3 - 0.000197*u**4
    if year < 1941:
        u = year - 1920
        return 21.20 + 0.84493*u - 0.076100*u**2 + 0.0020936*u**3
    if year < 1961:
        u = year - 1950
        return 29.07 + 0.407*u - u**2/233 + u**3/2547
    if year < 1986:
        u = year - 1975
        return 45.45 + 1.067*u - u**2/260 - u**3/718
    if year < 2005:
        return 63.86 + 0.3345*t - 0.060374*t**2 + 0.0017275*t**3 + 0.000651814*t**4 + 0.00002373599*t**5
    if year < 2024:
        return 62.92 + 0.32217*t + 0.005589*t**2
    return 69.2 + 0.1*(year - 2024) + 0.003*(year - 2024)**2  # about; it has slowed down lately

def new_moon(k):
    """JDE of the k-th new moon, k = 0 in January 2000."""
    T = k / 1236.85
    jde = (2451550.09766 + 29.530588861*k + 0.00015437*T*T - 0.000000150*T**3 + 0.00000000073*T**4)
    E = 1 - 0.002516*T - 0.0000074*T*T
    r = math.radians
    M = r(2.5534 + 29.10535670*k - 0.0000014*T*T - 0.00000011*T**3)
    Mp = r(201.5643 + 385.81693528*k + 0.0107582*T*T + 0.00001238*T**3 - 0.000000058*T**4)
    F = r(160.7108 + 390.67050284*k - 0.0016118*T*T - 0.00000227*T**3 + 0.000000011*T**4)
    O = r(124.7746 - 1.56375588*k + 0.0020672*T*T + 0.00000215*T**3)
    s = math.sin
    jde += (-0.40720*s(Mp) + 0.17241*E*s(M) + 0.01608*s(2*Mp) + 0.01039*s(2*F) + 0.00739*E*s(Mp-M)
            - 0.00514*E*s(Mp+M) + 0.00208*E*E*s(2*M) - 0.00111*s(Mp-2*F) - 0.00057*s(Mp+2*F)
            + 0.00056*E*s(2*Mp+M) - 0.00042*s(3*Mp) + 0.00042*E*s(M+2*F) + 0.00038*E*s(M-2*F)
            - 0.00024*E*s(2*Mp-M) - 0.00017*s(O) - 0.00007*s(Mp+2*M) + 0.00004*s(2*Mp-2*F)
            + 0.00004*s(3*M) + 0.00003*s(Mp+M-2*F) + 0.00003*s(2*Mp+2*F) - 0.00003*s(Mp+M+2*F)
            + 0.00003*s(Mp-M+2*F) - 0.00002*s(Mp-M-2*F) - 0.00002*s(3*Mp+M) + 0.00002*s(4*Mp))
    planets = [(299.77,0.107408,325),(251.88,0.016321,165),(251.83,26.651886,164),(349.42,36.412478,126),
               (84.66,18.206239,110),(141.74,53.303771,62),(207.14,2.453732,60),(154.84,7.306860,56),
               (34.52,27.261239,47),(207.19,0.121824,42),(291.34,1.844379,40),(161.72,24.198154,37),
               (239.56,25.513099,35),(331.55,3.592518,23)]
    for i, (a, b, c) in enumerate(planets):
        angle = a + b*k - (0.009173*T*T if i == 0 else 0)
        jde += c*1e-6*s(r(angle))
    return jde

# The largest terms of the earth's longitude, VSOP87 (A, B, C: A cos(B + C t), t in millennia).
L0 = [(175347046,0,0),(3341656,4.6692568,6283.0758500),(34894,4.6261,12566.1517),(3497,2.7441,5753.3849),
      (3418,2.8289,3.5231),(3136,3.6277,77713.7715),(2676,4.4181,7860.4194),(2343,6.1352,3930.2097),
      (1324,0.7425,11506.7698),(1273,2.0371,529.6910),(1199,1.1096,1577.3435),(990,5.233,5884.927),
      (902,2.045,26.298),(857,3.508,398.149),(780,1.179,5223.694),(753,2.533,5507.553),(505,4.583,18849.228),
      (492,4.205,775.523),(357,2.920,0.067),(317,5.849,11790.629),(284,1.899,796.298),(271,0.315,10977.079),
      (243,0.345,5486.778),(206,4.806,2544.314),(205,1.869,5573.143),(202,2.458,6069.777),(156,0.833,213.299),
      (132,3.411,2942.463),(126,1.083,20.775),(115,0.645,0.980),(103,0.636,4694.003),(102,0.976,15720.839),
      (102,4.267,7.114),(99,6.21,2146.17),(98,0.68,155.42),(86,5.98,161000.69),(85,1.30,6275.96),
      (85,3.67,71430.70),(80,1.81,17260.15),(79,3.04,12036.46),(75,1.76,5088.63),(74,3.50,3154.69),
      (74,4.68,801.82),(70,0.83,9437.76),(62,3.98,8827.39),(61,1.82,7084.90),(57,2.78,6286.60),
      (56,4.39,14143.50),(56,3.47,6279.55),(52,0.19,12139.55),(52,1.33,1748.02),(51,0.28,5856.48),
      (49,0.49,1194.45),(41,5.37,8429.24),(41,2.40,19651.05),(39,6.17,10447.39),(37,6.04,10213.29),
      (37,2.57,1059.38),(36,1.71,2352.87),(36,1.78,6812.77),(33,0.59,17789.85),(30,0.44,83996.85),
      (30,2.74,1349.87),(25,3.16,4690.48)]
L1 = [(628331966747,0,0),(206059,2.678235,6283.075850),(4303,2.6351,12566.1517),(425,1.590,3.523),
      (119,5.796,26.298),(109,2.966,1577.344),(93,2.59,18849.23),(72,1.14,529.69),(68,1.87,398.15),
      (67,4.41,5507.55),(59,2.89,5223.69),(56,2.17,155.42),(45,0.40,796.30),(36,0.47,775.52),(29,2.65,7.11),
      (21,5.34,0.98),(19,1.85,5486.78),(19,4.97,213.30),(17,2.99,6275.96),(16,0.03,2544.31),(16,1.43,2146.17),
      (15,1.21,10977.08),(12,2.83,1748.02),(12,3.26,5088.63),(12,5.27,1194.45),(12,2.08,4694.00),
      (11,0.77,553.57),(10,1.30,6286.60),(10,4.24,1349.87),(9,2.70,242.73),(9,5.64,951.72),(8,5.30,2352.87)]
L2 = [(52919,0,0),(8720,1.0721,6283.0758),(309,0.867,12566.152),(27,0.05,3.52),(16,5.19,26.30),(16,3.68,155.42),
      (10,0.76,18849.23),(9,2.06,77713.77),(7,0.83,775.52),(5,4.66,1577.34)]
L3 = [(289,5.844,6283.076),(35,0,0),(17,5.49,12566.15)]

def sun_longitude(jde):
    t = (jde - 2451545.0) / 365250
    def series(terms): return sum(a*math.cos(b + c*t) for a, b, c in terms)
    L = (series(L0) + series(L1)*t + series(L2)*t*t + series(L3)*t**3) * 1e-8
    lon = math.degrees(L) + 180
    T = t * 10
    om = math.radians(125.04452 - 1934.136261*T)
    ls = math.radians(280.4665 + 36000.7698*T)
    lm = math.radians(218.3165 + 481267.8813*T)
    nut = (-17.20*math.sin(om) - 1.32*math.sin(2*ls) - 0.23*math.sin(2*lm) + 0.21*math.sin(2*om)) / 3600
    M = math.radians(357.52911 + 35999.05029*T)
    e = 0.016708634 - 0.000042037*T
    R = 1.000001018*(1 - e*e)/(1 + e*math.cos(M + math.radians(1.914602)*math.sin(M)))
    return (lon + nut - 20.4898/3600/R - 0.09033/3600) % 360

def term(year, degrees):
    """JDE at which the sun reaches the longitude, in the Gregorian year."""
    jde = 2451545.0 + (year - 2000)*365.2422 + ((degrees - 280) % 360)/360*365.2422
    for _ in range(20):
        d = (degrees - sun_longitude(jde) + 180) % 360 - 180
        jde += d * 365.2422/360
        if abs(d) < 1e-9: break
    return jde

close = []
def beijing_day(jde, what):
    """Days since 1970-01-01 in Beijing."""
    year = 2000 + (jde - 2451545)/365.2425
    offset = 8/24 if year >= 1929 else (7 + 45/60 + 40/3600)/24
    x = jde - delta_t(year)/86400 - 2440587.5 + offset
    f = x % 1
    if min(f, 1 - f) * 1440 < 6: close.append((what, year, round((f if f < .5 else f - 1)*1440, 1)))
    return math.floor(x)

def day_of(y, m, d):
    import datetime
    return (datetime.date(y, m, d) - datetime.date(1970, 1, 1)).days

moon_cache = {}
def moon_day(k):
    if k not in moon_cache: moon_cache[k] = beijing_day(new_moon(k), "moon")
    return moon_cache[k]

def month_start_at(day):
    """The k of the last new moon on or before the day."""
    k = round((day + 2440587.5 - 2451550.1)/29.530588)
    k += 2
    while moon_day(k) > day: k -= 1
    return k

def sui(year):
    """[(k, month, leap)] from the month of the winter solstice of year-1 to before that of year."""
    s0, s1 = beijing_day(term(year - 1, 270), "solstice"), beijing_day(term(year, 270), "solstice")
    a, b = month_start_at(s0), month_start_at(s1)
    terms = []
    for i in range(13):
        deg = (270 + 30*i) % 360
        y = year - 1 if i == 0 else year
        if i == 12: y = year
        terms.append(beijing_day(term(y, deg), "term"))
    months, number, leap_done = [], 11, False
    has_leap = b - a == 13
    for k in range(a, b):
        lo, hi = moon_day(k), moon_day(k + 1)
        has_term = any(lo <= t < hi for t in terms)
        if k == a: months.append((k, 11, False)); continue
        if has_leap and not has_term and not leap_done:
            months.append((k, number, True)); leap_done = True
        else:
            number = number % 12 + 1
            months.append((k, number, False))
    return months

def year_months(year):
    seq = sui(year) + sui(year + 1)
    first = next(i for i, (k, m, l) in enumerate(seq) if m == 1 and not l)
    second = next(i for i, (k, m, l) in enumerate(seq) if m == 1 and not l and i > first)
    return seq[first:second]

rows = []
for year in range(1900, 2101):
    months = year_months(year)
    leap = next((m for k, m, l in months if l), 0)
    bits = sum(1 << i for i, (k, m, l) in enumerate(months) if moon_day(k + 1) - moon_day(k) == 30)
    first = moon_day(months[0][0])
    january = day_of(year, 1, 1)
    rows.append((first, bits, leap, beijing_day(term(year, 15), "qingming") - january,
                 beijing_day(term(year, 270), "dongzhi") - january))
if len(sys.argv) > 1:
    for year, row in zip(range(1900, 2101), rows): print(year, *row)
    print(close, file=sys.stderr)
    sys.exit()
print('''// Made by lunar_table.py: do not edit.
#pragma once

#include <cstdint>

namespace waypost::journeys {

// One lunar year. Months are in order of the year, the leap one after its regular one.
struct LunarYear {
  int32_t first_day;     // the Spring Festival, in days since 1970-01-01
  uint16_t long_months;  // bit: the month has 30 days, else 29
  uint8_t leap_month;    // 0: none
  uint8_t qingming;      // days from 1 January of the Gregorian year
  uint16_t dongzhi;      // the same
};

inline constexpr int kFirstLunarYear = 1900;
// clang-format off
inline constexpr LunarYear kLunarYears[] = {''')
for year, (first, bits, leap, q, d) in zip(range(1900, 2101), rows):
    print(f"    {{{first}, 0x{bits:04x}, {leap}, {q}, {d}}},  // {year}")
print('''};
// clang-format on

}  // namespace waypost::journeys''')
