import StaticServer
import Testing

@testable import staticd

/// Processes and sockets in /proc.
@Suite struct ProcessTableTests {
  typealias Entry = ProcessTable.Entry

  @Test(
    "a line of /proc/PID/stat",
    arguments: [
      ("7 (gunicorn) S 1 7 6 0", Entry(number: 7, parent: 1, group: 7, session: 6)),
      ("7 (a) b (c) R 6 5 4 0", Entry(number: 7, parent: 6, group: 5, session: 4)),
      ("7 (x) Z 1 7", Entry(number: 7, parent: 1, group: 7, isZombie: true)), ("", nil),
      ("7 x S 1 7", nil), ("7 (x) S 1", nil),
    ] as [(String, Entry?)]
  )
  func stat(line: String, expected: Entry?) {
    #expect(Entry(stat: line) == expected)
  }

  @Test("adopted processes in sessions of their own are left behind")
  func leftBehind() {
    let table = ProcessTable([
      Entry(number: 1, parent: 0, group: 1, session: 1),
      // The app, a program that staticd has started, and a daemon with its worker.
      Entry(number: 2, parent: 1, group: 2, session: 1),
      Entry(number: 3, parent: 1, group: 3, session: 1),
      Entry(number: 5, parent: 1, group: 4, session: 4),
      Entry(number: 6, parent: 5, group: 4, session: 4),
      Entry(number: 7, parent: 1, group: 7, session: 7, isZombie: true),
      Entry(number: 8, parent: 1, group: 8),
    ])
    #expect(table.leftBehind(own: 1, session: 1) == [5])
  }

  @Test("a process and its descendants, in any order")
  func family() {
    let table = ProcessTable([
      Entry(number: 4, parent: 3, group: 2), Entry(number: 3, parent: 2, group: 2),
      Entry(number: 2, parent: 1, group: 2), Entry(number: 9, parent: 1, group: 9),
    ])
    #expect(table.family(of: 2) == [2, 3, 4])
  }

  /// Process 1 is staticd, 2 the gunicorn that it started.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let parents: [Int32: Int32]
    var named: [Int32: Int32] = [:]
    var wasUpgraded = true
    let expected: Int32?
  }

  static let rows: [Row] = [
    Row(testDescription: "workers alone", parents: [2: 1, 3: 2, 4: 2], expected: nil),
    Row(
      testDescription: "beside the old master",
      parents: [2: 1, 3: 2, 4: 2, 5: 4],
      named: [4: 2, 5: 2],
      wasUpgraded: false,
      expected: 4
    ),
    Row(
      testDescription: "known by its workers",
      parents: [2: 1, 3: 2, 4: 2, 5: 4],
      expected: 4
    ),
    Row(
      testDescription: "a child with children is no master unless there was an upgrade",
      parents: [2: 1, 3: 2, 4: 3],
      wasUpgraded: false,
      expected: nil
    ),
    Row(
      testDescription: "after the old master's end",
      parents: [4: 1, 5: 4],
      named: [4: 2, 5: 2],
      wasUpgraded: false,
      expected: 4
    ),
    Row(testDescription: "after it, without a name", parents: [4: 1, 5: 4, 6: 1], expected: 4),
    Row(testDescription: "after it, without workers", parents: [4: 1], expected: 4),
    Row(
      testDescription: "orphaned workers of a killed master",
      parents: [4: 1, 5: 1],
      wasUpgraded: false,
      expected: nil
    ),
    Row(
      testDescription: "the new master's name is that of an earlier one",
      parents: [4: 1],
      named: [4: 77],
      wasUpgraded: false,
      expected: nil
    ),
  ]

  @Test("gunicorn's new master", arguments: rows)
  func successor(row: Row) {
    let entries = row.parents.map { Entry(number: $0.key, parent: $0.value, group: 2) }
      .sorted { $0.number < $1.number }
    let found = ProcessTable(entries).successor(of: 2, own: 1, wasUpgraded: row.wasUpgraded) {
      row.named[$0] == 2
    }
    #expect(found == row.expected)
  }

  @Test(
    "the log message of a gunicorn that replaced process 12",
    arguments: [
      ("A=b\0GUNICORN_PID=12\0C=d\0", "python\0gunicorn\0", true),
      ("GUNICORN_PID=123\0", "", false), ("GUNICORN_PID=1\0", "", false),
      ("XGUNICORN_PID=12\0", "", false), ("", "", false),
      ("\0\0\0\0", "gunicorn: master [a:b].2\0", true), ("\0\0", "gunicorn: worker [a:b]\0", false),
    ]
  )
  func claims(environment: String, commandLine: String, expected: Bool) {
    let claims = ProcessTable.claims(
      placeOf: 12,
      environment: Array(environment.utf8),
      commandLine: Array(commandLine.utf8)
    )
    #expect(claims == expected)
  }

  @Test("listening sockets of /proc/net/tcp and tcp6")
  func sockets() throws {
    let table = """
        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1
         1: 0100007F:1F41 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4243 1
         2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 7 1
         3: x
      """
    let sockets = ListeningSocket.parse(table)
    #expect(
      sockets == [
        ListeningSocket(address: try ListenAddress("127.0.0.1:8000"), inode: 4242),
        ListeningSocket(address: try ListenAddress("[::1]:80"), inode: 7),
      ]
    )
  }

  @Test("listening Unix sockets, whose path may be relative")
  func unixSockets() {
    let table = """
      Num       RefCount Protocol Flags    Type St Inode Path
      0000000000000000: 00000002 00000000 00010000 0001 01 11 /run/a b.sock
      0000000000000000: 00000003 00000000 00000000 0001 03 12 /run/connected.sock
      0000000000000000: 00000002 00000000 00010000 0001 01 13 rel.sock
      0000000000000000: 00000002 00000000 00010000 0001 01 14 elsewhere.sock
      0000000000000000: 00000002 00000000 00010000 0001 01 15 @abstract
      0000000000000000: 00000002 00000000 00010000 0001 01 16

      """
    let sockets = ListeningSocket.parseUnix(table) { $0 == 13 ? "/srv" : nil }
    #expect(
      sockets == [
        ListeningSocket(address: .unix(path: "/run/a b.sock"), inode: 11),
        ListeningSocket(address: .unix(path: "/srv/rel.sock"), inode: 13),
      ]
    )
  }
}
