#include <ottla/kafka/internal/text/secret_mask.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

namespace {

std::string masked(std::string_view text, std::initializer_list<std::string_view> secrets = {}) {
  secret_mask mask;
  for (const auto secret : secrets)
    mask.hide(secret);
  return mask.apply(text);
}

} // namespace

TEST_SUITE("secret_mask") {
  TEST_CASE("secret_mask replaces a secret at each of its occurrences") {
    CHECK(masked("hunter2: no hunter2, nor xhunter2x", {"hunter2"}) == "***: no ***, nor x***x");
    CHECK(masked("nothing here", {"hunter2"}) == "nothing here");
    CHECK(masked("", {"hunter2"}) == "");
    CHECK(masked("all of it", {""}) == "all of it");
  }

  TEST_CASE("secret_mask replaces the longest of several overlapping secrets") {
    CHECK(masked("hunter2hunter3", {"hunter2", "hunter2hunter3", "hunter"}) == "***");
  }

  TEST_CASE("secret_mask replaces a short secret only if it is a whole word") {
    CHECK(masked("a broker at abc: \"a\"", {"a"}) == "*** broker at abc: \"***\"");
    CHECK(masked("ssl: assl ssl", {"ssl"}) == "***: assl ***");
  }

  TEST_CASE("secret_mask replaces a secret that is escaped for JSON or URLs, or that lacks its "
            "surrounding blanks") {
    CHECK(masked("no hunter2!", {" hunter2\r\n"}) == "no ***!");
    CHECK(masked(R"({"a":"hun\"t\\er\n2"})", {"hun\"t\\er\n2"}) == R"({"a":"***"})");
    CHECK(masked("a=hun%20t%2Fer2&b", {"hun t/er2"}) == "a=***&b");
    CHECK(masked("\n", {"\n"}) == "***");
    CHECK(masked("no hunter2!", {"\u00a0hunter2\u200b\u3000"}) == "no ***!");
    CHECK(masked("no hunter2!", {"\xa0hunter2\xa0"}) == "no ***!");
    CHECK(masked("no voilà!", {"voilà"}) == "no ***!"); // its last byte is a blank in Latin-1
  }

  TEST_CASE("secret_mask replaces a secret in any spelling of its characters") {
    for (const auto* written :
         {"hun<t/er&2", R"(hun\u003ct\/er\u00262)", R"(hun\u003Ct\u002fer\\u0026\u0032)",
          R"(hun\\u003ct\\/er&2)", R"(hun\x3ct\x2Fer\x262)", "hun%3Ct%2Fer%262", "hun%3ct%2fer%262",
          "hun%3ct%2Fer%262", "%68un%3Ct/er%26%32", "hun%253Ct%252fer%25262", "hun&lt;t/er&amp;2",
          "hun&#60;t&#x2f;er&#x26;2", "hun&#x3C;t&#47;er&#38;2", "hun&amp;lt;t/er&amp;amp;2",
          R"(hun\u0026lt;t/er\u0026amp;2)", "hun%26lt%3Bt%2Fer%26amp%3B2",
          "hun\uff1ct\uff0fer\uff062", R"(hun\uff1ct\uff0fer\uff062)"}) {
      CAPTURE(written);
      const std::string text = written;
      CHECK(masked("no " + text + '!', {"hun<t/er&2"}) == "no ***!");
      CHECK(masked("{\"a\":\"" + text + "\"}", {"hun<t/er&2"}) == "{\"a\":\"***\"}");
    }
    CHECK(masked("a=hun+t%2fer2&b", {"hun t/er2"}) == "a=***&b");
    CHECK(masked("a=hun%20t%2ber2&b", {"hun t+er2"}) == "a=***&b");
    CHECK(masked(R"(no voil\u00e0!)", {"voilà"}) == "no ***!");
    CHECK(masked("no voil%C3%a0!", {"voilà"}) == "no ***!");
    CHECK(masked(R"(no \ud83d\ude00key!)", {"\U0001f600key"}) == "no ***!");
  }

  TEST_CASE(
    "secret_mask replaces the whole of a secret that contains another secret, escaped or not") {
    secret_mask mask;
    mask.hide("svc-7");
    mask.hide(R"(svc-7/Q"x)");
    CHECK(mask.apply(R"(no svc-7/Q"x!)") == "no ***!");
    CHECK(mask.apply("no svc-7%2FQ%22x!") == "no ***!");
    CHECK(mask.apply(R"(no svc-7/Q\"x!)") == "no ***!");
  }

  TEST_CASE("secret_mask replaces a secret that itself looks like an escape") {
    for (const std::string secret :
         {R"(hun\nter)", R"(hun\u003cter)", "hun%2fter", "hun&amp;ter", "hun%252fter", "100%ab%"}) {
      CAPTURE(secret);
      CHECK(masked("no " + secret + '!', {secret}) == "no ***!");
    }
    CHECK(masked(R"(no hun\\nter!)", {R"(hun\nter)"}) == "no ***!");
    CHECK(masked("no hun%252fter!", {"hun%2fter"}) == "no ***!");
    CHECK(masked("no hun&amp;amp;ter!", {"hun&amp;ter"}) == "no ***!");
    CHECK(masked(R"(C:\nosecret)", {"nosecret"}) == R"(C:\***)");
  }

  TEST_CASE("secret_mask replaces the start of a secret that is truncated within an escape") {
    CHECK(masked("a=sword%2Ffi%2", {"sword/fi/sh"}) == "a=***");
    CHECK(masked(R"(a=sword\u002ffi\u00)", {"sword/fi/sh"}) == "a=***");
    CHECK(masked("a=sword&#47;fi&#4", {"sword/fi/sh"}) == "a=***");
  }

  TEST_CASE("secret_mask replaces the start of a truncated secret") {
    CHECK(masked("the password was swordf", {"swordfish"}) == "the password was ***");
    CHECK(masked("the password was sword", {"swordfish"}) == "the password was sword");
  }

  TEST_CASE("secret_mask cuts a text after 8 KiB, and the shown part contains no whole secret") {
    const auto text = masked(std::string(8 * 1024 - 4, '.') + "swordfish and more", {"swordfish"});
    CHECK(text == std::string(8 * 1024 - 4, '.') + "swor…");
    CHECK(masked(std::string(8 * 1024 - 7, '.') + "swordfish", {"swordfish"})
          == std::string(8 * 1024 - 7, '.') + "***…");
  }

  TEST_CASE("secret_mask replaces any credentials in a URL") {
    CHECK(masked("no token from \"https://anna:hunter2@idp/token\": 401")
          == "no token from \"https://***@idp/token\": 401");
    CHECK(masked("SASL_SSL://anna:hun/t@r2@a:9092, ssl://b:1")
          == "SASL_SSL://***@a:9092, ssl://b:1");
    CHECK(masked("mail to anna@example.com about ssl://b:1")
          == "mail to anna@example.com about "
             "ssl://b:1");
  }

  TEST_CASE("secret_mask replaces a JSON web token") {
    CHECK(masked("refused: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0. at once")
          == "refused: Bearer *** at once");
    CHECK(masked("eyJ is how they begin") == "eyJ is how they begin");
  }

  TEST_CASE("hide_values_in hides each value of a list of pairs, and also the whole list") {
    secret_mask mask;
    mask.hide_values_in("id=anna secret=\"hunter2\",scope=read");
    CHECK(mask.apply("hunter2 of anna may read") == "*** of *** may ***");
    mask.hide_values_in("for the provider s3cret");
    CHECK(mask.apply("the provider got s3cret") == "the provider got ***");
    CHECK(mask.apply("got id=anna secret=\"hunter2\",scope=read") == "got ***");
    mask.hide_values_in("id=emma\u00a0secret=swordfish\u200bkey=open sesame");
    CHECK(mask.apply("swordfish of emma: open") == "*** of ***: ***");
  }

  TEST_CASE("hide_unless_a_plain_word hides a text unless it is a plain word") {
    secret_mask mask;
    mask.hide_unless_a_plain_word("anna");
    mask.hide_unless_a_plain_word("hunter2");
    CHECK(mask.apply("anna has hunter2") == "anna has ***");
  }
}
