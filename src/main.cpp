// The program: everything is in cli, and from there in app.
#include "beta/cli/cli.hpp"

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    try {
        return beta::cli::main(argc, argv, std::cout, std::cerr);
    } catch (const std::exception& error) {
        std::cerr << "beta-sidecar: internal error: " << error.what() << '\n';
        return 70;  // EX_SOFTWARE
    }
}
