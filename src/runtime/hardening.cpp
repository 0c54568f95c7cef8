#include "beta/runtime/hardening.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace beta::runtime {

void hide_memory() noexcept {
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

}  // namespace beta::runtime
