#include <ottla/kafka/internal/text/secret_patterns.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <ctime>
#include <string>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

std::string masked(std::string text) {
  hide_secret_patterns(text);
  return text;
}

void check_untouched(const std::string& text) {
  CHECK(masked(text) == text);
}

/// CPU time of masking a text of `size` bytes. Excludes the time of other processes.
std::chrono::nanoseconds cpu_time_to_hide(const std::string& part, std::size_t size) {
  std::string text;
  while (text.size() < size)
    text += part;
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
  };
  const auto began = now();
  hide_secret_patterns(text);
  return now() - began;
}

} // namespace

TEST_SUITE("secret_patterns") {
  TEST_CASE("the value after a name that indicates a secret is replaced") {
    CHECK(masked("no login with password=hunter2 as anna") == "no login with password=*** as anna");
    for (const auto* name : {"password",
                             "PASSWORD",
                             "passwd",
                             "pwd",
                             "db_pwd",
                             "secret",
                             "client_secret",
                             "clientSecret",
                             "client-secret",
                             "token",
                             "access_token",
                             "refreshToken",
                             "api_key",
                             "apiKey",
                             "X-Api-Key",
                             "key",
                             "aws.secret.access.key",
                             "credential",
                             "credentials",
                             "passphrase",
                             "sasl.password",
                             "ssl.key.pem"}) {
      const std::string begin = name;
      CHECK(masked(begin + "=hunter2") == begin + "=***");
      CHECK(masked(begin + ":hunter2") == begin + ":***");
      CHECK(masked(begin + ": hunter2 is wrong") == begin + ": *** is wrong");
      CHECK(masked('(' + begin + " = hunter2)") == '(' + begin + " = ***)");
      CHECK(masked(begin + "=\"hunter2 x\", and") == begin + "=\"***\", and");
      CHECK(masked(begin + "='hunter2'") == begin + "='***'");
      CHECK(masked("{\"" + begin + "\":\"hunter2\",\"a\":1}")
            == "{\"" + begin + "\":\"***\",\"a\":1}");
      CHECK(masked("{\"" + begin + "\" : \"hun\\\"ter2\"}") == "{\"" + begin + "\" : \"***\"}");
      CHECK(masked("{\\\"" + begin + "\\\":\\\"hunter2\\\"}")
            == "{\\\"" + begin + "\\\":\\\"***\\\"}");
      CHECK(masked("https://idp/x?a=1&" + begin + "=hunter2")
            == "https://idp/x?a=1&" + begin + "=***");
    }
  }

  TEST_CASE("a password is replaced even if it is a word or contains punctuation") {
    CHECK(masked("password: swordfish") == "password: ***");
    CHECK(masked("password=hun,ter;2&x, again") == "password=***, again");
    CHECK(masked("secret: correct") == "secret: ***");
  }

  TEST_CASE("a secret is found after blanks, line ends and any sign between name and value") {
    for (const std::string text :
         {"PlainLoginModule required\n\tusername=\"u\"\n\tpassword\n=\n\"hunter2\";",
          "PlainLoginModule required\tusername=\"u\"\tpassword\t=\t\"hunter2\";",
          "password\\\n=\"hunter2\"",
          "password := hunter2",
          "password == hunter2",
          "password -> hunter2",
          "password->hunter2",
          "password = > hunter2",
          "password:\n  hunter2",
          "password: |\n  hunter2",
          "password%3Dhunter2%26a",
          "client_secret%3dhunter2",
          "SASL.PASSWORD=hunter2",
          "Sasl.PassWord = hunter2",
          "--password hunter2 --x",
          "kinit --token hunter2",
          "<password>hunter2</password>",
          "<password value=\"hunter2\"/>",
          "login with password 'hunter2' failed",
          "login with password \"hunter2 x\" failed",
          "the password is hunter2",
          "with password hunter2 as anna",
          "password: `hunter2 x`",
          "'password':'hunter2'",
          "pass=hunter2",
          "db.pass: hunter2",
          "userPass=hunter2",
          "jwt=hunter2",
          "a=1&sig=hunter2",
          "Set-Cookie: sid=hunter2; Path=/",
          "Bearer: hunter2",
          "Bearer\r\n hunter2",
          "Proxy-Authorization: NTLM hunter2",
          "Authorization: AWS4-HMAC-SHA256 hunter2",
          "%3|1764|FAIL|rdkafka#producer-1| [thrd:a]: a: no login: password=hunter2 (after 3ms)"}) {
      CAPTURE(text);
      CHECK(masked(text).find("***") != std::string::npos);
      CHECK(masked(text).find("hunter2") == std::string::npos);
    }
  }

  TEST_CASE("a secret is found after blanks of any kind, visible or not") {
    for (const std::string blank :
         {"\u00a0",         "\u0085",  "\u00ad",  "\u034f",    "\u061c", "\u115f", "\u1680",
          "\u180e",         "\u2000",  "\u2007",  "\u2009",    "\u200a", "\u200b", "\u200c",
          "\u200d",         "\u200e",  "\u2028",  "\u2029",    "\u202a", "\u202f", "\u205f",
          "\u2060",         "\u2066",  "\u2800",  "\u3000",    "\u3164", "\ufe0f", "\ufeff",
          "\U000e0020",     "\xa0",    "\xad",    "\x85",      "\x0b",   "\x0c",   "\x01",
          "\x7f",           "\\u00a0", "\\u200B", "\\\\u00A0", "\\n",    "\\t",    "\u00a0\u00a0",
          "\u00a0 \t\u200b"}) {
      const auto b = blank;
      for (const auto& text : {"password" + b + "=hunter2",
                               "password=" + b + "hunter2",
                               "password=" + b + " hunter2",
                               "password = " + b + "\t" + b + "hunter2",
                               "password" + b + ":" + b + "hunter2",
                               "api_key:" + b + "hunter2",
                               "api_key" + b + ":" + b + "\"hunter2 x\"",
                               "password" + b + ":=" + b + "'hunter2'",
                               "password" + b + "->" + b + "hunter2",
                               "password" + b + "=" + b + ">" + b + "hunter2",
                               "password:" + b + "|" + b + "hunter2",
                               "\"password\"" + b + ":" + b + "\"hunter2\"",
                               "\"password" + b + "\":\"hunter2\"",
                               "{\\\"password" + b + "\\\":" + b + "\\\"hunter2\\\"}",
                               "--password" + b + "hunter2",
                               "<password" + b + ">hunter2</password>",
                               "<password" + b + "value=\"hunter2\"/>",
                               "with password" + b + "hunter2 as anna",
                               "password" + b + "'hunter2 x'",
                               "the password" + b + "is" + b + "hunter2",
                               "Bearer" + b + "hunter2",
                               "got bearer " + b + "hunter2",
                               "Authorization:" + b + "Bearer" + b + "hunter2",
                               "Authorization: Bearer" + b + " hunter2",
                               "Authorization" + b + "=" + b + "Basic" + b + b + "hunter2"}) {
        CAPTURE(text);
        CHECK(masked(text).find("***") != std::string::npos);
        CHECK(masked(text).find("hunter2") == std::string::npos);
      }
    }
  }

  TEST_CASE("a secret is found after escaped or full-width blanks and signs") {
    for (const std::string text : {"password&nbsp;: hunter2",
                                   "password&#160;: hunter2",
                                   "password&#xa0;: hunter2",
                                   "password&#XA0;:&#32;hunter2",
                                   "password&#160 : hunter2",
                                   "password&ensp;:&emsp;hunter2",
                                   "password&Tab;=&NewLine;hunter2",
                                   "password&amp;nbsp;: hunter2",
                                   R"(password\u0026nbsp;: hunter2)",
                                   "password%20%3a%20hunter2",
                                   "password%C2%A0=hunter2",
                                   "password%2520%253Dhunter2",
                                   "password&colon;hunter2",
                                   "password&equals;hunter2",
                                   "password&#58; hunter2",
                                   "password\uff1ahunter2",
                                   "password \uff1a hunter2",
                                   "password\uff1dhunter2",
                                   R"(password\uff1a hunter2)",
                                   R"(password\\uFF1Dhunter2)",
                                   "password%EF%BC%9Ahunter2",
                                   "password&#xff1a;hunter2",
                                   "password&#65309;hunter2",
                                   "password\ufe55 hunter2",
                                   "password\u2236hunter2",
                                   "token\uff1a swordfish hunter2",
                                   "password -&gt; hunter2",
                                   R"(\u003cpassword\u003ehunter2\u003c/password\u003e)",
                                   "&lt;password&gt;hunter2 x&lt;/password&gt;",
                                   "Bearer&nbsp;hunter2",
                                   "Authorization:%20Bearer%20hunter2",
                                   R"(Authorization\u003a Basic hunter2)"}) {
      CAPTURE(text);
      const auto without = masked(text);
      CHECK(without.find("***") != std::string::npos);
      // A word of lower-case letters counts as prose after `token: `, and as a secret after a
      // full-width colon.
      CHECK((without.find("hunter2") == std::string::npos || text.starts_with("token")));
      CHECK(without.find("swordfish") == std::string::npos);
    }
  }

  TEST_CASE("a secret's name is found even if it is written with escapes") {
    for (const std::string text :
         {R"(\u0070assword=hunter2)", R"("\u0070ass\u0077ord":"hunter2 x")",
          R"({\"\\u0070assword\":\"hunter2 x\"})", "%70assword=hunter2", "p%61ssw%6frd: hunter2",
          "%2570assword=hunter2", "&#112;assword: hunter2", "&#x70;assword=\"hunter2 x\"",
          "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44=hunter2", R"(\x70assword=hunter2)",
          R"(client\u005fsecret: hunter2)", "client%5Fsecret=hunter2", "api&#45;key=hunter2",
          "a=1&amp;password=hunter2", R"(a=1\u0026password=hunter2)", R"(a\tpassword=hunter2)",
          R"(C:\token=hunter2)", R"(config\npwd=hunter2)"}) {
      CAPTURE(text);
      CHECK(masked(text).find("***") != std::string::npos);
      CHECK(masked(text).find("hunter2") == std::string::npos);
    }
  }

  TEST_CASE("a quoted value is replaced even if its quotes are written as escapes") {
    CHECK(masked("&quot;password&quot;:&quot;hunter2 x&quot;,&quot;a&quot;")
          == "&quot;password&quot;:&quot;***&quot;,&quot;a&quot;");
    CHECK(masked("%22password%22%3A%22hunter2+x%22%2C%22a%22")
          == "%22password%22%3A%22***%22%2C%22a%22");
    CHECK(masked(R"(\u0022password\u0022:\u0022hunter2 x\u0022,)")
          == R"(\u0022password\u0022:\u0022***\u0022,)");
    CHECK(masked(R"({"password":"hun\"ter2\\"})") == R"({"password":"***"})");
    CHECK(masked(R"({"password":"hunter2\\","a":1})") == R"({"password":"***","a":1})");
  }

  TEST_CASE("a mail address in JSON is not mistaken for credentials, even with escaped quotes") {
    check_untouched(R"({"error":"timeout","contact":"ops@x.com"})");
    check_untouched(R"({\"error\":\"timeout\",\"contact\":\"ops@x.com\"})");
  }

  TEST_CASE(
    "credentials in an address, tokens and keys are replaced even if written with escapes") {
    CHECK(masked(R"(at https:\/\/anna:hunter2@idp\/x)") == R"(at https:\/\/***@idp\/x)");
    CHECK(masked("a=https%3A%2F%2Fanna%3ahunter2%40idp") == "a=https%3A%2F%2F***%40idp");
    CHECK(masked("of anna&#58;hunter2&commat;idp") == "of ***&commat;idp");
    CHECK(masked("got MIIEvQIBADANBgkqhkiG9w0B%2BAQEFAASCBKcwggSj for it") == "got *** for it");
    CHECK(masked(R"(got \u0065yJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0. at)") == "got *** at");
    CHECK(masked("bad -----BEGIN%20PRIVATE%20KEY-----%0AMIIEx-----END%20PRIVATE%20KEY-----!")
          == "bad ***!");
  }

  TEST_CASE("a secret's name is found even if it contains invisible characters") {
    for (const std::string unseen : {"\u200b", "\u00ad", "\ufeff", "\u2060", "\xad", "\\u200b"})
      for (const auto& text : {"pass" + unseen + "word=hunter2", unseen + "password: hunter2",
                               "{\"" + unseen + "client_sec" + unseen + "ret\":\"hunter2\"}"}) {
        CAPTURE(text);
        CHECK(masked(text).find("hunter2") == std::string::npos);
      }
  }

  TEST_CASE("a non-ASCII blank may be part of a password") {
    CHECK(masked("password=hun\u00a0ter2, again") == "password=***, again");
    CHECK(masked("password: hun\u200bter2 again") == "password: *** again");
    CHECK(masked("password=hun\xa0ter2 again") == "password=*** again");
    CHECK(masked("with password hunter2\u00a0x as anna") == "with password *** as anna");
  }

  TEST_CASE("the whole value is replaced even if the value is in brackets, is nested JSON or "
            "contains quotes") {
    CHECK(masked("{\"token\":[\"hunter2\",\"b\"],\"a\":1}") == "{\"token\":***,\"a\":1}");
    CHECK(masked("{\"password\":{\"value\":\"hunter2\"},\"a\":1}") == "{\"password\":***,\"a\":1}");
    CHECK(masked("{\"password\":[\"hunter2") == "{\"password\":***");
    CHECK(masked(R"({\\\"password\\\":\\\"hun ter2\\\"})") == R"({\\\"password\\\":\\\"***\\\"})");
    CHECK(masked("password=hun\"ter'2<x, and") == "password=***, and");
    CHECK(masked("password=\"hunter2 and more") == "password=\"***");
  }

  TEST_CASE("credentials in an address are replaced, with or without a scheme") {
    CHECK(masked("cannot reach user:hunter2@broker:9092") == "cannot reach ***@broker:9092");
    CHECK(masked("brokers (user:hunter2@b:1)") == "brokers (***@b:1)");
    for (const auto* password : {"hun,ter2", "hun;ter2", "hun(ter2)", "hun'ter2", "h@nter/2"})
      CHECK(masked("of https://anna:" + std::string{password} + "@idp/x: 401")
            == "of https://***@idp/x: 401");
    for (const auto* text : {"t/0@17", "10:15:00 anna@example.org", "kafka/h@REALM",
                             "sasl_ssl://a:9092,sasl_ssl://b:9092", "https://***@idp/x"})
      check_untouched(text);
  }

  TEST_CASE("tokens with the prefixes of known services are replaced") {
    for (const auto* token :
         {"ghp_16C7e42F292c6912E7710c838347Ae178B4a", "glpat-abcdefghij0123456789",
          "xoxb-123456789012-abcdefghijkl", "AKIAIOSFODNN7EXAMPLE",
          "AIzaSyA-1234567890abcdefghijklmnopqrstuv", "0123456789abcdef0123456789abcdef"})
      CHECK(masked("got " + std::string{token} + '!') == "got ***!");
  }

  TEST_CASE("masking a hostile text takes linear time") {
    for (const std::string part : {"bearer ",
                                   "://",
                                   "a:b@",
                                   "password=",
                                   "eyJ",
                                   "-----BEGIN ",
                                   "password\\",
                                   "[",
                                   "'",
                                   "token:[",
                                   "A1b2",
                                   "password\u00a0",
                                   "secret\u00a0is\u200b",
                                   "\u00a0",
                                   "\u200b",
                                   "pass\u200bword",
                                   "token:\u00a0key",
                                   "\xa0",
                                   "bearer\u00a0token",
                                   "bearer\u00a0token\u00a0",
                                   "\\",
                                   "\\u00a0",
                                   "secret\u00a0secret",
                                   "\"password\u00a0",
                                   "<password\u00a0",
                                   "key: a\u00a0",
                                   "&",
                                   "&#",
                                   "&nbsp;",
                                   "&amp;amp;",
                                   "%",
                                   "%25",
                                   "%2525252525",
                                   "password%20",
                                   "secret&nbsp;is&nbsp;",
                                   "bearer%20a%20",
                                   "\\u",
                                   "\\ud83d",
                                   "\uff1a",
                                   "password&quot;",
                                   "token\uff1a"}) {
      const auto small = cpu_time_to_hide(part, 8 * 1024);
      const auto large = cpu_time_to_hide(part, 64 * 1024);
      INFO(part);
      CHECK((large < 100ms || large < 24 * small));
    }
  }

  TEST_CASE("a masked text stays unchanged when masked again") {
    for (const auto* text : {"password=***", "password: ***", "Bearer ***", "\"token\":\"***\""})
      check_untouched(text);
  }

  TEST_CASE("prose about secrets is not changed") {
    for (const auto* text : {"Failed to acquire SASL OAUTHBEARER token: HTTP 401",
                             "no token: the provider is away",
                             "wrong password",
                             "the token is empty",
                             "\"sasl.password\" has an invalid value",
                             "\"ssl.key.location\" names \"/no/key.pem\", which cannot be read",
                             "ssl.key.location=/etc/key.pem",
                             "no answer of \"https://idp/token\": 401",
                             "no answer of https://idp/token: 401",
                             "x509 certificate routines::key values mismatch",
                             "Broker: Topic authorization failed",
                             "bearer token expired",
                             "Basic authentication failed",
                             "no\u00a0token:\u00a0the\u00a0provider\u00a0is\u00a0away",
                             "the\u00a0password\u00a0must\u00a0have\u00a08\u00a0digits",
                             "bearer\u00a0token\u00a0expired",
                             "wrong password…",
                             "the secret café is open",
                             "no%20token:%20the%20provider%20is%20away",
                             "the&nbsp;token&nbsp;is&nbsp;empty",
                             "wrong\\npassword\\n",
                             "100% of the tokens &c., 50%ab & more"})
      check_untouched(text);
  }

  TEST_CASE("the credentials of an Authorization header are replaced") {
    CHECK(masked("Bearer hunter2") == "Bearer ***");
    CHECK(masked("got bearer hunter2, and") == "got bearer ***, and");
    CHECK(masked("Authorization: Bearer hunter2") == "Authorization: Bearer ***");
    CHECK(masked("authorization: Basic YW5uYTpodW50ZXIy") == "authorization: Basic ***");
    CHECK(masked("\"Authorization\":\"Basic YW5uYTpodW50ZXIy\"") == "\"Authorization\":\"***\"");
  }

  TEST_CASE("a PEM block is replaced, even if it is truncated") {
    CHECK(masked("bad key -----BEGIN PRIVATE KEY-----\nMIIEhunter2\n-----END PRIVATE KEY-----\n!")
          == "bad key ***\n!");
    CHECK(masked("bad key -----BEGIN RSA PRIVATE KEY-----\nMIIEhunter2") == "bad key ***");
  }

  TEST_CASE("long words that look like base64 or hex are replaced") {
    CHECK(masked("got MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj for it") == "got *** for it");
    CHECK(masked("got a/Vb3+Kx9Lq2Zr8Tn5Wm7Yp4Hs6Jd1Gf0/x== for it") == "got *** for it");
    CHECK(masked("got " + std::string(20, 'a') + std::string(20, '1') + '!') == "got ***!");
  }

  TEST_CASE("names, addresses and paths are not changed, however long they are") {
    for (const auto* text :
         {"org.apache.kafka.common.security.plain.PlainLoginModule",
          "OrderEventsProcessedV2StreamAggregateForTheWarehouse",
          "rdkafka-8c7b1f9e-3a52-4d1b-9a67-1c2f3e4d5b6a",
          "MyService-Prod-8c7b1f9e-3a52-4d1b-9a67-1c2f3e4d5b6a",
          "/usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt",
          "sasl_ssl://b-1.Cluster2.a1b2c3.c4.kafka.us-east-1.amazonaws.com:9096/bootstrap",
          "Disconnected while requesting ApiVersion: might be caused by incorrect "
          "security.protocol configuration (connecting to a SSL listener?)",
          "1234567890123456789012345678901234567890"})
      check_untouched(text);
  }
}
