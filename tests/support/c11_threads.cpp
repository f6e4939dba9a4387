// C11's thread functions on top of pthread's, for ThreadSanitizer. librdkafka starts its threads
// with thrd_create and locks with mtx_lock. ThreadSanitizer does not know these functions, so it
// would crash in librdkafka's threads and would not see their locks. A program that contains this
// file replaces glibc's functions in librdkafka too.

#include <cerrno>
#include <ctime>
#include <memory>
#include <pthread.h>
#include <threads.h>

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t),
              "glibc's C11 locks are pthread's locks under another name");

namespace {

pthread_mutex_t* of(mtx_t* lock) {
  return reinterpret_cast<pthread_mutex_t*>(lock);
}

pthread_cond_t* of(cnd_t* condition) {
  return reinterpret_cast<pthread_cond_t*>(condition);
}

int to_c11(int pthread_result) {
  switch (pthread_result) {
    case 0: return thrd_success;
    case EBUSY: return thrd_busy;
    case ETIMEDOUT: return thrd_timedout;
    case ENOMEM: return thrd_nomem;
    default: return thrd_error;
  }
}

struct thread_start {
  thrd_start_t function;
  void* argument;
};

void* run(void* start) {
  const std::unique_ptr<thread_start> what{static_cast<thread_start*>(start)};
  // A C11 thread returns an int, which pthread carries in a pointer.
  return static_cast<char*>(nullptr) + what->function(what->argument);
}

} // namespace

extern "C" {

int thrd_create(thrd_t* into, thrd_start_t function, void* argument) {
  auto start = std::make_unique<thread_start>(thread_start{function, argument});
  const auto failed = pthread_create(into, nullptr, run, start.get());
  if (failed == 0)
    start.release();
  return to_c11(failed);
}

int thrd_join(thrd_t which, int* result) {
  void* returned = nullptr;
  const auto failed = pthread_join(which, &returned);
  if (failed == 0 && result != nullptr)
    *result = static_cast<int>(static_cast<char*>(returned) - static_cast<char*>(nullptr));
  return to_c11(failed);
}

int thrd_detach(thrd_t which) {
  return to_c11(pthread_detach(which));
}

int mtx_init(mtx_t* lock, int kind) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if ((kind & mtx_recursive) != 0)
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  const auto failed = pthread_mutex_init(of(lock), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return to_c11(failed);
}

int mtx_lock(mtx_t* lock) {
  return to_c11(pthread_mutex_lock(of(lock)));
}

int mtx_trylock(mtx_t* lock) {
  return to_c11(pthread_mutex_trylock(of(lock)));
}

int mtx_timedlock(mtx_t* lock, const timespec* until) {
  return to_c11(pthread_mutex_timedlock(of(lock), until));
}

int mtx_unlock(mtx_t* lock) {
  return to_c11(pthread_mutex_unlock(of(lock)));
}

void mtx_destroy(mtx_t* lock) {
  pthread_mutex_destroy(of(lock));
}

int cnd_init(cnd_t* condition) {
  return to_c11(pthread_cond_init(of(condition), nullptr));
}

int cnd_signal(cnd_t* condition) {
  return to_c11(pthread_cond_signal(of(condition)));
}

int cnd_broadcast(cnd_t* condition) {
  return to_c11(pthread_cond_broadcast(of(condition)));
}

int cnd_wait(cnd_t* condition, mtx_t* lock) {
  return to_c11(pthread_cond_wait(of(condition), of(lock)));
}

int cnd_timedwait(cnd_t* condition, mtx_t* lock, const timespec* until) {
  return to_c11(pthread_cond_timedwait(of(condition), of(lock), until));
}

void cnd_destroy(cnd_t* condition) {
  pthread_cond_destroy(of(condition));
}

} // extern "C"
