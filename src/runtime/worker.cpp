#include "beta/runtime/worker.hpp"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace beta::runtime {
namespace {

/// A private copy for Asio to own and close.
int duplicate(int fd) {
    const int copy = ::dup(fd);
    if (copy < 0)
        throw std::system_error(errno, std::generic_category(), "dup");
    return copy;
}

constexpr int batches_in_a_row = 8;  // then timers and posted work get their turn

}  // namespace

Worker::Worker()
    : work_(boost::asio::make_work_guard(context_)),
      ready_(context_, duplicate(poller_.descriptor())),
      tick_(context_),
      begin_(Clock::now()),
      now_(begin_) {}

Worker::~Worker() {
    stop();
}

void Worker::start() {
    watch_poller();
    watch_clock();
    thread_ = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "worker");
        context_.run();
    });
}

void Worker::stop() {
    if (!thread_.joinable())
        return;
    post([this] { context_.stop(); });
    thread_.join();
}

void Worker::watch_poller() {
    ready_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code& error) {
                          if (error)
                              return;
                          now_ = Clock::now();
                          for (int i = 0; i < batches_in_a_row && poller_.dispatch(); ++i)
                              now_ = Clock::now();
                          end_batch();
                          watch_poller();
                          if (poller_.has_more())
                              post([this] { continue_batch(); });
                      });
}

/// What was cut short for fairness goes on even when no new event comes.
void Worker::continue_batch() {
    now_ = Clock::now();
    poller_.dispatch();
    end_batch();
    if (poller_.has_more())
        post([this] { continue_batch(); });
}

void Worker::watch_clock() {
    tick_.expires_after(TimerWheel::tick);
    tick_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        now_ = Clock::now();
        wheel_.advance(std::chrono::duration_cast<std::chrono::milliseconds>(now_ - begin_));
        poller_.bury();
        end_batch();
        if (poller_.has_more())
            post([this] { continue_batch(); });
        watch_clock();
    });
}

void Worker::end_batch() {
    if (batch_end_)
        batch_end_();
}

}  // namespace beta::runtime
