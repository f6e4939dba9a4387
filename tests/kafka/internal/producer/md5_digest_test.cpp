#include <ottla/kafka/internal/producer/md5_digest.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace ottla::kafka;

namespace {

std::string hex(std::string_view bytes) {
  std::string result;
  for (const auto byte : md5_digest(bytes))
    result += fmt::format("{:02x}", byte);
  return result;
}

} // namespace

TEST_SUITE("md5_digest") {
  TEST_CASE("the digest equals the test vectors of RFC 1321") {
    CHECK(hex("") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(hex("a") == "0cc175b9c0f1b6a831c399e269772661");
    CHECK(hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(hex("message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
    CHECK(hex("abcdefghijklmnopqrstuvwxyz") == "c3fcd3d76192e4007dfb496cca67e13b");
    CHECK(hex("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
          == "d174ab98d277d9f5a5611c2c9f419d9f");
    CHECK(hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890")
          == "57edf4a22be3c955ac49da2e2107b67a");
  }

  TEST_CASE("the padding of each length around a block is correct") {
    CHECK(hex(std::string(54, 'x')) == "61ea0974c662328da964d977a8253873");
    CHECK(hex(std::string(55, 'x')) == "04364420e25c512fd958a70738aa8f72");
    CHECK(hex(std::string(56, 'x')) == "668a72d5ba17f08e62dabcafad6db14b");
    CHECK(hex(std::string(57, 'x')) == "693037871c4a9d3d8685018905cb530a");
    CHECK(hex(std::string(63, 'x')) == "7dc2ca208106a2f703567bdff99d8981");
    CHECK(hex(std::string(64, 'x')) == "c1bb4f81d892b2d57947682aeb252456");
    CHECK(hex(std::string(65, 'x')) == "1bc932052302d074bdec39795fe00cf6");
    CHECK(hex(std::string(119, 'x')) == "ab347a5f68c8a443cfcddc633f12c24f");
    CHECK(hex(std::string(120, 'x')) == "fb98667f98096de92620b64f46e1c5b5");
    CHECK(hex(std::string(128, 'x')) == "d69cb61a6ee87200676eb0d4b90edbcb");
    CHECK(hex(std::string(1000000, 'x')) == "ec78dbd963d2fc01e51176ed4dec299e");
  }

  TEST_CASE("bytes above 127 and zeros count like all others") {
    CHECK(hex(std::string_view{"\0\xff\x80\0", 4}) == "c5efce613410db797c9b1b235d8906b8");
  }
}
