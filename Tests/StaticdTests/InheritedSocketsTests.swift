import StaticServer
import Testing

@testable import staticd

/// The variables that pass sockets, and those of the service manager.
@Suite struct InheritedSocketsTests {
  @Test(
    "LISTEN_FDS for process 7",
    arguments: [
      ([:], []), (["LISTEN_FDS": "2"], []), (["LISTEN_PID": "7"], []),
      (["LISTEN_FDS": "2", "LISTEN_PID": "8"], []), (["LISTEN_FDS": "x", "LISTEN_PID": "7"], []),
      (["LISTEN_FDS": "0", "LISTEN_PID": "7"], []), (["LISTEN_FDS": "-1", "LISTEN_PID": "7"], []),
      (["LISTEN_FDS": "1", "LISTEN_PID": "7"], ["3 unknown"]),
      (
        ["LISTEN_FDS": "3", "LISTEN_PID": "7", "LISTEN_FDNAMES": "a:admin"],
        ["3 a", "4 admin", "5 unknown"]
      ),
      (["LISTEN_FDS": "2", "LISTEN_PID": "7", "LISTEN_FDNAMES": ":b:c"], ["3 unknown", "4 b"]),
    ] as [([String: String], [String])]
  )
  func systemd(variables: [String: String], expected: [String]) throws {
    let sockets = try InheritedSockets(variable: { variables[$0] }, ownNumber: 7)
    #expect(sockets.activated.map { "\($0.descriptor) \($0.name)" } == expected)
    #expect(sockets.admin.map(\.name) == (expected.contains("4 admin") ? ["admin"] : []))
    #expect(sockets.site.count + sockets.admin.count == expected.count)
    #expect(sockets.handed.isEmpty && sockets.readiness == nil)
  }

  @Test("a written handover is read by the next process")
  func roundTrip() throws {
    let handed = [
      HandedSockets(address: .inherited(descriptor: 5), descriptors: [5, 6]),
      HandedSockets(address: .inherited(descriptor: 9), descriptors: [9]),
    ]
    let activated = [InheritedSockets.Named(descriptor: 3, name: "a b.socket")]
    let text = HandoverText.write(readiness: 12, handed: handed, activated: activated)
    let read = try #require(HandoverText.read(text))
    #expect(read.handed == handed)
    #expect(read.activated == activated)
    #expect(read.readiness == 12)
  }

  @Test(
    "malformed handovers are ignored",
    arguments: [
      "", "x", "1", "3/", "3/own=", "3/own=4,", "3/own=4,x", "3/own=2", "3/a", "3/a:", "3/a:x",
      "-3",
    ]
  )
  func malformed(text: String) {
    #expect(HandoverText.read(text) == nil)
  }

  @Test(
    "where no other process can replace us",
    arguments: [
      (7, [:], nil), (1, [:], "a container ends with its process 1"),
      (7, ["SYSTEMD_EXEC_PID": "7"], "systemd would end the new process"),
      (7, ["SYSTEMD_EXEC_PID": "6"], nil),
      (7, ["SYSTEMD_EXEC_PID": "7", "NOTIFY_SOCKET": "/run/x"], nil),
      (1, ["SYSTEMD_EXEC_PID": "1", "NOTIFY_SOCKET": "/run/x"], "a container ends"),
    ] as [(Int32, [String: String], String?)]
  )
  func obstacle(number: Int32, variables: [String: String], expected: String?) {
    let manager = ServiceManager(variable: { variables[$0] }, ownNumber: number)
    let reason = Upgrade.obstacle(number, manager) { variables[$0] }
    #expect(reason?.hasPrefix(expected ?? "?") == (expected == nil ? nil : true))
  }

  @Test(
    "the watchdog of process 7",
    arguments: [
      (["WATCHDOG_USEC": "20"], 20), (["WATCHDOG_USEC": "20", "WATCHDOG_PID": "7"], 20),
      (["WATCHDOG_USEC": "20", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "0"], nil),
      (["WATCHDOG_USEC": "x"], nil), ([:], nil),
    ] as [([String: String], Int64?)]
  )
  func watchdog(variables: [String: String], expected: Int64?) {
    let all = variables.merging(["NOTIFY_SOCKET": "/run/x"]) { $1 }
    let manager = ServiceManager(variable: { all[$0] }, ownNumber: 7)
    #expect(manager.watchdogMicroseconds == expected)
    #expect(manager.inheritance["WATCHDOG_USEC"] == expected.map { "\($0)" })
    #expect(manager.inheritance["WATCHDOG_PID"] == nil)
    let none = ServiceManager(variable: { variables[$0] }, ownNumber: 7)
    #expect(none.watchdogMicroseconds == nil)
  }
}
