// Worker: one thread with its own io_context, poller, timers and buffers. Nothing in it is shared.
#pragma once

#include "beta/runtime/poller.hpp"
#include "beta/runtime/timer_wheel.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <thread>
#include <utility>

namespace beta::runtime {

class Worker {
  public:
    using Clock = std::chrono::steady_clock;

    Worker();
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Called on the worker's thread after each batch of events and each tick: logs are handed over
    /// here.
    void on_batch_end(std::function<void()> hook) { batch_end_ = std::move(hook); }
    void start();
    /// Any thread; waits for the thread to end. What was posted before still runs.
    void stop();

    /// Any thread: runs `job` on the worker.
    template <class Job>
    void post(Job job) {
        boost::asio::post(context_, std::move(job));
    }

    // From here on: the worker's own thread (or before start()).
    boost::asio::io_context& context() noexcept { return context_; }
    Poller& poller() noexcept { return poller_; }
    TimerWheel& wheel() noexcept { return wheel_; }
    /// Read once a batch: for limits and idle times, not for measuring.
    Clock::time_point now() const noexcept { return now_; }

  private:
    void watch_poller();
    void watch_clock();
    void continue_batch();
    void end_batch();

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    TimerWheel wheel_;
    Poller poller_;  // after the wheel: what it buries may hold timers
    boost::asio::posix::stream_descriptor ready_;
    boost::asio::steady_timer tick_;
    Clock::time_point begin_;
    Clock::time_point now_;
    std::function<void()> batch_end_;
    std::thread thread_;
};

}  // namespace beta::runtime
