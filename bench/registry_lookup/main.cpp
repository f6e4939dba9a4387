#include "registry_lookup/questions.hpp"
#include "support/otp_program.hpp"

namespace {

void add_comparisons(bench::suite& all, const bench::otp_pointer& otp) {
  bench::add_in_place(all, otp);
  bench::add_whereis(all, otp);
  bench::add_kept_reference(all);
  bench::add_register_and_unregister(all, otp);
  bench::add_lookup_of_a_million(all);
  bench::add_longest_write(all, otp);
  bench::add_bytes_a_name(all, otp);
}

} // namespace

int main(int argc, char** argv) {
  return bench::otp_program{.weighed = bench::weighed, .add = add_comparisons}.run(argc, argv);
}
