// Child: the command line in a process of its own, with its signals and its standard output.
#pragma once

#include "beta/cli/cli.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace beta::testing {

class Child {
  public:
    /// `before`: what that process does first.
    explicit Child(const std::vector<std::string>& words, void (*before)() = nullptr) {
        if (::pipe2(pipe_.data(), O_CLOEXEC) != 0)
            throw std::runtime_error("pipe2");
        std::cout.flush();
        pid_ = ::fork();
        if (pid_ == 0)
            become(words, before);
        ::close(pipe_[1]);
    }
    ~Child() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        ::close(pipe_[0]);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The next line of standard output that has `part`; throws when there is none within 30
    /// seconds.
    std::string line_with(const std::string& part) {
        for (;;) {
            const auto line = next_line();
            if (line.find(part) != line.npos)
                return line;
        }
    }
    void signal(int number) const { ::kill(pid_, number); }
    /// Of its standard output, all that is still to come.
    std::string rest() {
        while (read_more()) {
        }
        return text_;
    }
    /// Waits for its end.
    int exit_code() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

  private:
    [[noreturn]] void become(const std::vector<std::string>& words, void (*before)()) const {
        ::dup2(pipe_[1], STDOUT_FILENO);
        if (before != nullptr)
            before();
        std::vector<const char*> argv{"beta-sidecar"};
        for (const auto& word : words)
            argv.push_back(word.c_str());
        ::_exit(cli::main(static_cast<int>(argv.size()), argv.data(), std::cout, std::cerr));
    }

    std::string next_line() {
        for (;;) {
            if (const auto end = text_.find('\n'); end != text_.npos) {
                const auto line = text_.substr(0, end);
                text_.erase(0, end + 1);
                return line;
            }
            if (!read_more())
                throw std::runtime_error("its output ended before that line");
        }
    }

    /// False at its end.
    bool read_more() {
        pollfd ready{pipe_[0], POLLIN, 0};
        std::array<char, 4096> room{};
        if (::poll(&ready, 1, 30'000) <= 0)
            throw std::runtime_error("no such line in time; so far: " + text_);
        const auto got = ::read(pipe_[0], room.data(), room.size());
        if (got > 0)
            text_.append(room.data(), static_cast<std::size_t>(got));
        return got > 0;
    }

    std::array<int, 2> pipe_{};
    pid_t pid_ = -1;
    std::string text_;
};

}  // namespace beta::testing
