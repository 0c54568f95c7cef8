// A hundred thousand random events against a plain model: what a Slot says is always what the model
// allows.
#include "beta/upstream/slot.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <random>
#include <stdexcept>
#include <vector>

namespace beta::upstream {
namespace {

using Kind = SlotAction::Kind;

/// The pool's own picture of its streams and waiters. Throws where an action contradicts it.
class Model {
  public:
    Model(SlotLimits limits, unsigned seed) : limits_(limits), slot_(limits), random_(seed) {}

    void step() {
        now_ += random_() % 3;
        switch (random_() % 9) {
            case 0:
            case 1:
            case 2:
                return take();
            case 3:
                return connected_or_failed();
            case 4:
                return released();
            case 5:
                return closed();
            case 6:
                return cancel();
            case 7:
                return warm();
            default:
                return expire();
        }
    }

    void check_invariants() const {
        require(slot_.idle() == idle_.size() && slot_.busy() == busy_.size(), "counts");
        require(slot_.connecting() == connecting_.size(), "connecting");
        require(slot_.waiting() == waiters_.size(), "waiting");
        require(slot_.connections() <= limits_.connections, "too many connections");
        require(idle_.size() <= limits_.idle, "too many idle");
        require(waiters_.size() <= connecting_.size() + limits_.waiting, "queue too long");
        require(waiters_.empty() || idle_.empty(), "somebody waits beside an idle stream");
        require(waiters_.size() <= connecting_.size() || slot_.connections() == limits_.connections,
                "somebody waits for whom a connect could be under way");
        require(waiters_.empty() || !connecting_.empty() || !busy_.empty(), "lost waiter");
    }

    /// Whatever is going on, everybody is answered once connects and requests end.
    void finish() {
        while (!connecting_.empty() || !busy_.empty())
            connecting_.empty() ? closed() : connected_or_failed();
        require(waiters_.empty(), "somebody still waits");
        while (slot_.evict().kind == Kind::close)
            idle_.pop_front();
        check_invariants();
    }

  private:
    using Streams = std::vector<StreamId>;

    static void require(bool holds, const char* what) {
        if (!holds)
            throw std::logic_error(what);
    }

    bool known(StreamId stream) const {
        const auto in = [stream](const auto& all) {
            return std::find(all.begin(), all.end(), stream) != all.end();
        };
        return in(idle_) || in(busy_) || in(connecting_);
    }

    StreamId pick(Streams& from) {
        const std::size_t at = random_() % from.size();
        std::swap(from[at], from.back());
        const StreamId stream = from.back();
        from.pop_back();
        return stream;
    }

    void begin_connect(StreamId stream) {
        require(!known(stream), "an id in two places");
        require(stream < limits_.connections, "an id out of range");
        connecting_.push_back(stream);
    }

    void begin_wait(WaiterId waiter) {
        require(std::find(waiters_.begin(), waiters_.end(), waiter) == waiters_.end(), "id twice");
        require(waiter < limits_.connections + limits_.waiting, "a waiter's id out of range");
        waiters_.push_back(waiter);
    }

    void end_wait(WaiterId waiter) {
        require(!waiters_.empty() && waiters_.front() == waiter, "not the longest waiting");
        waiters_.pop_front();
    }

    void take() {
        const SlotAction action = slot_.take();
        if (action.kind == Kind::use) {
            require(!idle_.empty() && idle_.back() == action.stream, "not the newest idle");
            idle_.pop_back();
            busy_.push_back(action.stream);
            return;
        }
        require(idle_.empty(), "an idle stream was overlooked");
        if (action.kind == Kind::refuse)
            return require(waiters_.size() == connecting_.size() + limits_.waiting, "refused");
        begin_wait(action.waiter);
        if (action.kind == Kind::connect)
            return begin_connect(action.stream);
        require(action.kind == Kind::wait, "an action that take() never gives");
    }

    void settle(const SlotAction& action, StreamId stream) {
        if (action.kind == Kind::hand) {
            require(action.stream == stream, "another stream handed");
            end_wait(action.waiter);
            return busy_.push_back(stream);
        }
        require(waiters_.empty(), "a waiter was overlooked");
        if (action.kind == Kind::close)
            return require(action.stream == stream && idle_.size() == limits_.idle, "closed");
        require(action.kind == Kind::nothing, "an action that does not settle a stream");
        idle_.push_back(stream);
    }

    void connected_or_failed() {
        if (connecting_.empty())
            return;
        const StreamId stream = pick(connecting_);
        if (random_() % 2 == 0)
            return settle(slot_.connected(stream, now_), stream);
        const SlotAction action = slot_.connect_failed(stream);
        if (action.kind == Kind::nothing)
            return require(waiters_.empty(), "a failure that nobody was told of");
        require(action.kind == Kind::fail || action.kind == Kind::fail_reconnect, "kind");
        end_wait(action.waiter);
        if (action.kind == Kind::fail_reconnect)
            begin_connect(action.stream);
    }

    void released() {
        if (busy_.empty())
            return;
        const StreamId stream = pick(busy_);
        settle(slot_.released(stream, now_), stream);
    }

    void closed() {
        StreamId stream = 0;
        if (!busy_.empty()) {
            stream = pick(busy_);
        } else if (!idle_.empty()) {
            stream = idle_.front();
            idle_.pop_front();
        } else {
            return;
        }
        const SlotAction action = slot_.closed(stream);
        if (action.kind == Kind::connect)
            return begin_connect(action.stream);
        require(action.kind == Kind::nothing, "an action that closed() never gives");
    }

    void cancel() {
        if (waiters_.empty())
            return;
        const auto at = waiters_.begin() + static_cast<long>(random_() % waiters_.size());
        require(slot_.cancel(*at).kind == Kind::nothing, "cancel acts");
        waiters_.erase(at);
    }

    void warm() {
        const SlotAction action = slot_.warm();
        if (action.kind == Kind::connect)
            return begin_connect(action.stream);
        require(action.kind == Kind::nothing, "an action that warm() never gives");
        require(connecting_.size() > waiters_.size() || idle_.size() >= limits_.idle ||
                    slot_.connections() == limits_.connections,
                "there was room to warm a stream");
    }

    void expire() {
        const SlotAction action = slot_.expire(now_);
        if (action.kind == Kind::nothing)
            return;
        require(!idle_.empty() && idle_.front() == action.stream, "not the oldest idle");
        idle_.pop_front();
    }

    SlotLimits limits_;
    Slot slot_;
    std::mt19937 random_;
    Tick now_ = 0;
    std::deque<StreamId> idle_;  // oldest first
    Streams busy_, connecting_;
    std::deque<WaiterId> waiters_;
};

TEST_CASE("no stream is in two places and no waiter is lost over 100,000 random events") {
    const auto limits = GENERATE(SlotLimits{1, 0, 0, 5}, SlotLimits{1, 1, 3, 5},
                                 SlotLimits{4, 2, 8, 20}, SlotLimits{16, 16, 0, 1});
    Model model(limits, 7);
    for (int i = 0; i < 25'000; ++i) {
        model.step();
        model.check_invariants();
    }
    model.finish();
    SUCCEED("all actions were allowed");
}

}  // namespace
}  // namespace beta::upstream
