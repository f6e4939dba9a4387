#include <ottla/actors/saturating.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <type_traits>

using namespace ottla;
using namespace std::chrono_literals;

namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

using half_ticks = std::chrono::duration<std::int64_t, std::ratio<1, 2>>;
using third_seconds = std::chrono::duration<std::int64_t, std::ratio<2, 3>>;
using unsigned_seconds = std::chrono::duration<std::uint64_t>;
using short_seconds = std::chrono::duration<std::int16_t>;
using float_seconds = std::chrono::duration<float>;
using double_seconds = std::chrono::duration<double>;

// At compile time overflow would be an error.
static_assert(saturate<nanoseconds>(seconds::max()) == nanoseconds::max());
static_assert(saturate<nanoseconds>(seconds::min()) == nanoseconds::min());
static_assert(saturating<milliseconds>{hours::max()} == milliseconds::max());
static_assert(saturating<nanoseconds>{5s} == 5s);

static_assert(std::is_convertible_v<double_seconds, saturating<nanoseconds>>);
static_assert(!std::is_convertible_v<microseconds, saturating<milliseconds>>);
static_assert(std::is_convertible_v<saturating<milliseconds>, saturating<nanoseconds>>);

} // namespace

TEST_SUITE("saturating") {
  TEST_CASE("a representable duration keeps its value in a finer unit") {
    CHECK(saturate<nanoseconds>(0s) == 0ns);
    CHECK(saturate<nanoseconds>(-3h) == -10'800'000'000'000ns);
    CHECK(saturate<milliseconds>(1s) == 1000ms);
    CHECK(saturate<nanoseconds>(nanoseconds::max()) == nanoseconds::max());
    CHECK(saturate<nanoseconds>(nanoseconds::min()) == nanoseconds::min());
  }

  TEST_CASE("a duration that does not fit becomes the largest or smallest duration") {
    constexpr auto factor = 1'000'000'000;
    CHECK(saturate<nanoseconds>(seconds{most / factor}).count() == most / factor * factor);
    CHECK(saturate<nanoseconds>(seconds{most / factor + 1}) == nanoseconds::max());
    CHECK(saturate<nanoseconds>(seconds{least / factor}).count() == least / factor * factor);
    CHECK(saturate<nanoseconds>(seconds{least / factor - 1}) == nanoseconds::min());
    CHECK(saturate<nanoseconds>(hours::max()) == nanoseconds::max());
    CHECK(saturate<nanoseconds>(hours::min()) == nanoseconds::min());
    CHECK(saturate<milliseconds>(hours::max()) == milliseconds::max());
  }

  TEST_CASE("a conversion to a coarser unit drops the fraction") {
    CHECK(saturate<seconds>(1999ms) == 1s);
    CHECK(saturate<seconds>(-1999ms) == -1s);
    CHECK(saturate<seconds>(nanoseconds::max()).count() == most / 1'000'000'000);
    CHECK(saturate<seconds>(nanoseconds::min()).count() == least / 1'000'000'000);
    CHECK(saturate<short_seconds>(1h).count() == 3600);
    CHECK(saturate<short_seconds>(10h) == short_seconds::max());
    CHECK(saturate<short_seconds>(-10h) == short_seconds::min());
    CHECK(saturate<short_seconds>(nanoseconds::max()) == short_seconds::max());
  }

  TEST_CASE("a duration in a unit without a whole ratio converts and saturates") {
    CHECK(saturate<seconds>(half_ticks{5}) == 2s);
    CHECK(saturate<half_ticks>(third_seconds{3}).count() == 4);
    CHECK(saturate<half_ticks>(third_seconds::max()) == half_ticks::max());
    CHECK(saturate<half_ticks>(third_seconds::min()) == half_ticks::min());
  }

  TEST_CASE("a duration with an unsigned count saturates at the maximum and is never negative") {
    CHECK(saturate<nanoseconds>(unsigned_seconds{5}) == 5s);
    CHECK(saturate<nanoseconds>(unsigned_seconds::max()) == nanoseconds::max());
    CHECK(saturate<seconds>(unsigned_seconds::max()) == seconds::max());
    CHECK(saturate<hours>(unsigned_seconds::max()).count()
          == static_cast<std::int64_t>(unsigned_seconds::max().count() / 3600));
  }

  TEST_CASE("floating-point durations and infinity saturate, and not-a-number becomes zero") {
    using limits = std::numeric_limits<double>;
    CHECK(saturate<nanoseconds>(double_seconds{0.25}) == 250ms);
    CHECK(saturate<nanoseconds>(float_seconds{-0.5F}) == -500ms);
    CHECK(saturate<nanoseconds>(double_seconds{9.3e9}) == nanoseconds::max());
    CHECK(saturate<nanoseconds>(double_seconds{-9.3e9}) == nanoseconds::min());
    CHECK(saturate<nanoseconds>(double_seconds{limits::infinity()}) == nanoseconds::max());
    CHECK(saturate<nanoseconds>(double_seconds{-limits::infinity()}) == nanoseconds::min());
    CHECK(saturate<nanoseconds>(double_seconds{limits::quiet_NaN()}) == 0ns);
    CHECK(saturate<milliseconds>(double_seconds{limits::denorm_min()}) == 0ms);
    CHECK(saturate<nanoseconds>(double_seconds::max()) == nanoseconds::max());
    // 2^63, the first number that int64 cannot hold.
    CHECK(saturate<nanoseconds>(std::chrono::duration<double, std::nano>{0x1p63})
          == nanoseconds::max());
    CHECK(saturate<nanoseconds>(std::chrono::duration<double, std::nano>{-0x1p63})
          == nanoseconds::min());
  }

  TEST_CASE("a saturating duration works as a std::chrono duration in arithmetic and comparisons") {
    const saturating<milliseconds> limit{45'000};
    CHECK(limit == 45s);
    CHECK(limit / 3 == 15s);
    CHECK(limit + 1s == 46s);
    CHECK(limit < hours{1});
    saturating<nanoseconds> other = limit;
    CHECK(other == limit);
    other = seconds::max();
    CHECK(other == nanoseconds::max());
    const nanoseconds plain = other;
    CHECK(plain == nanoseconds::max());
    CHECK(saturating<milliseconds>{} == 0ms);
  }

  TEST_CASE("saturating_add clamps a sum to the range of the clock") {
    using time_point = std::chrono::steady_clock::time_point;
    const time_point now{42s};
    CHECK(saturating_add(now, 8s) == time_point{50s});
    CHECK(saturating_add(now, -43s) == time_point{-1s});
    CHECK(saturating_add(now, nanoseconds::max()) == time_point::max());
    CHECK(saturating_add(time_point::max(), 1ns) == time_point::max());
    CHECK(saturating_add(time_point::max() - 1ns, 1ns) == time_point::max());
    CHECK(saturating_add(time_point{-1ns}, nanoseconds::min()) == time_point::min());
    CHECK(saturating_add(time_point{-1ns}, nanoseconds::max()).time_since_epoch()
          == nanoseconds::max() - 1ns);
    CHECK(saturating_add(42ns, nanoseconds::max()) == nanoseconds::max());
    CHECK(saturating_add(-42ns, nanoseconds::min()) == nanoseconds::min());
    CHECK(saturating_add(nanoseconds::max(), nanoseconds::min()) == -1ns);
  }

  TEST_CASE("adding longest_wait to a clock's time does not overflow within the next century") {
    const auto century = std::chrono::hours{24 * 365 * 100};
    CHECK(nanoseconds{longest_wait} == century);
    const auto wall_clock_now = nanoseconds{std::chrono::hours{24 * 365 * 57}};
    CHECK(saturating_add(wall_clock_now + century, longest_wait) < nanoseconds::max());
  }
}
