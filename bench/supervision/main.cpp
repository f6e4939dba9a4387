#include "supervision/questions.hpp"

#include <cstdlib>

int main(int argc, char** argv) {
  ottla::init_message_types();
  if (bench::weighed(argc, argv))
    return EXIT_SUCCESS;
  bench::suite all;
  const auto otp = std::make_shared<bench::otp_peer>();
  for (const auto policy : bench::all_policies) {
    bench::add_restart_back_to_back(all, policy, otp);
    bench::add_restart_with_gaps(all, policy, otp);
    bench::add_restart_rate(all, policy, otp);
    bench::add_start_child(all, policy, otp);
    bench::add_terminate(all, policy, otp);
    bench::add_idle_memory(all, policy, otp);
    bench::add_call_and_cast(all, policy, otp);
  }
  return all.run(argc, argv);
}
