#include "support/memory_use.hpp"

#include <fstream>
#include <malloc.h>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace bench {

memory_use memory_now() {
  std::ifstream file{"/proc/self/statm"};
  double total_pages = 0;
  double resident_pages = 0;
  if (!(file >> total_pages >> resident_pages))
    throw std::runtime_error{"cannot read /proc/self/statm"};
  const auto heap = mallinfo2();
  return {.resident = resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)),
          .heap = static_cast<double>(heap.uordblks) + static_cast<double>(heap.hblkhd)};
}

double peak_of_resident() {
  std::ifstream file{"/proc/self/status"};
  double kilobytes = 0;
  for (std::string word; file >> word;)
    if (word == "VmHWM:" && file >> kilobytes)
      return kilobytes * 1024;
  throw std::runtime_error{"/proc/self/status has no VmHWM"};
}

} // namespace bench
