#include "supervision/questions.hpp"
#include "support/otp_program.hpp"

namespace {

void add_comparisons(bench::suite& all, const bench::otp_pointer& otp) {
  for (const auto policy : bench::all_policies) {
    bench::add_restart_back_to_back(all, policy, otp);
    bench::add_restart_with_gaps(all, policy, otp);
    bench::add_restart_rate(all, policy, otp);
    bench::add_start_child(all, policy, otp);
    bench::add_terminate(all, policy, otp);
    bench::add_idle_memory(all, policy, otp);
    bench::add_call_and_cast(all, policy, otp);
  }
}

} // namespace

int main(int argc, char** argv) {
  return bench::otp_program{.weighed = bench::weighed, .add = add_comparisons}.run(argc, argv);
}
