#include "beta/torctl/torrc.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::torctl {
namespace {

using Catch::Contains;

std::size_t faults(const std::string& text) {
    return check_extra(text, "extra").size();
}

TEST_CASE("a private network and the ways into a censored one may be added") {
    CHECK(faults("") == 0);
    CHECK(faults("# mine\n\nTestingTorNetwork 1\n"
                 "DirAuthority a1 orport=5001 no-v2 v3ident=00 127.0.0.1:7001 00\n"
                 "\tusebridges 1\r\n") == 1);  // but no carriage return
    CHECK(faults("UseBridges 1\nBridge obfs4 192.0.2.1:443 0000 cert=x/y+z iat-mode=0\n"
                 "ClientTransportPlugin obfs4 exec /usr/bin/obfs4proxy\n"
                 "  CIRCUITBUILDTIMEOUT 10  # seconds\nHTTPSProxy 192.0.2.1:3128") == 0);
}

TEST_CASE("what opens a port, runs a service or weakens isolation is refused") {
    for (const std::string line : {"SocksPort 9050 NoIsolateSOCKSAuth",
                                   "socksport 0",
                                   "+SocksPort 9050",
                                   "/SocksPort",
                                   "ControlPort 9051",
                                   "ControlSocket /tmp/c",
                                   "DNSPort 53",
                                   "TransPort 9040",
                                   "NATDPort 9041",
                                   "HTTPTunnelPort 9080",
                                   "ORPort 9001",
                                   "DirPort 80",
                                   "ExtORPort 1",
                                   "MetricsPort 9035",
                                   "MetricsPortPolicy accept *",
                                   "ClientOnly 0",
                                   "ExitRelay 1",
                                   "BridgeRelay 1",
                                   "HiddenServiceDir /x",
                                   "HiddenServicePort 80",
                                   "%include /etc/tor/torrc",
                                   "SafeLogging 0",
                                   "Log debug file /tmp/x",
                                   "DataDirectory /x",
                                   "CookieAuthentication 0",
                                   "HashedControlPassword 16:00",
                                   "User root",
                                   "PidFile /x",
                                   "RunAsDaemon 1",
                                   "__OwningControllerProcess 1",
                                   "__SocksPort 9050",
                                   "MapAddress a b",
                                   "TestSocks 1",
                                   "SocksPolicy accept *",
                                   "DirPortFrontPage /etc/shadow",
                                   "ControlPortWriteToFile /x",
                                   "AutomapHostsOnResolve 1",
                                   "ServerTransportPlugin x exec /bin/sh",
                                   "LongLivedPorts 80",
                                   "DisableNetwork 1",
                                   "ClientOnionAuthDir /x",
                                   "CacheDirectory /x",
                                   "UnknownOption 1"}) {
        CAPTURE(line);
        const auto found = check_extra("UseBridges 1\n" + line + "\n", "extra");
        REQUIRE(found.size() == 1);
        CHECK(found.front().line == 2);
        CHECK(found.front().code == "TORRC_REFUSED");
    }
}

TEST_CASE("no line goes on in the next, so that none is hidden") {
    CHECK(faults("UseBridges \\\nUseBridges 1\n") == 1);
    CHECK(faults("# a note \\\nUseBridges 1\n") == 1);
    CHECK(faults("Bridge \"a\\nSocksPort 9050\"\n") == 1);
    CHECK(faults(std::string("UseBridges 1\0\n", 14)) == 1);
    CHECK(faults("UseBridges 1\rSocksPort 9050\n") == 1);
    CHECK(faults("UseBridges 1\vSocksPort 9050\n") == 1);
    CHECK(faults("SocksPort\t9050") == 1);
    CHECK(faults(std::string(70'000, '#')) == 1);
}

TEST_CASE("a managed tor is a client alone, behind sockets of its own folder") {
    const auto text = write_torrc({.folder = "/run/beta/tor", .owner = 42}, "UseBridges 1");
    CHECK_THAT(text, Contains("\nUseBridges 1\nDataDirectory \"/run/beta/tor/data\"\n"));
    CHECK_THAT(text, Contains("\nSocksPort unix:\"/run/beta/tor/socks\" IsolateSOCKSAuth "
                              "ExtendedErrors\n"));
    CHECK_THAT(text, Contains("\nControlPort unix:\"/run/beta/tor/control\"\n"));
    CHECK_THAT(text, Contains("\nCookieAuthentication 1\n"));
    CHECK_THAT(text, Contains("\n__OwningControllerProcess 42\n"));
    CHECK_THAT(text, Contains("\nClientOnly 1\n"));
    CHECK_THAT(write_torrc({.folder = "/t", .reaches_exits = false}, ""),
               Contains(" ExtendedErrors OnionTrafficOnly\n"));
}

TEST_CASE("a managed tor starts no program, unless it has a transport that is one") {
    CHECK_THAT(write_torrc({.folder = "/t"}, "UseBridges 1"), Contains("\nNoExec 1\n"));
    CHECK_THAT(write_torrc({.folder = "/t"}, "NoExec 0"),
               Contains("NoExec 0\n") && Contains("\nNoExec 1\n"));
    CHECK_THAT(
        write_torrc({.folder = "/t"}, "ClientTransportplugin obfs4 exec /usr/bin/obfs4proxy"),
        !Contains("NoExec"));
}

}  // namespace
}  // namespace beta::torctl
