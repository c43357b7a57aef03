import CDescriptors
import Glibc
import Testing

@testable import StaticServer

/// Which idle connection to the app is reused.
///
/// Goal: none that the app has closed, or that has bytes of no request; a system call only where the
/// events of the wake do not tell.
@Suite struct UpstreamPoolTests {
  struct Row: Sendable, CustomTestStringConvertible {
    /// Whether the connection became idle in the same wake.
    let isOfWake: Bool
    let hasAllEvents: Bool
    /// Whether the app has sent a byte; else it has closed the connection, or neither.
    var sends = false
    var closes = false
    let isReused: Bool
    var testDescription: String {
      "same wake \(isOfWake), all events \(hasAllEvents), sends \(sends), closes \(closes)"
    }
  }

  static let rows: [Row] = [
    Row(isOfWake: true, hasAllEvents: true, isReused: true),
    Row(isOfWake: true, hasAllEvents: true, closes: true, isReused: false),
    Row(isOfWake: true, hasAllEvents: true, sends: true, isReused: false),
    Row(isOfWake: false, hasAllEvents: false, isReused: true),
    Row(isOfWake: false, hasAllEvents: false, closes: true, isReused: false),
    Row(isOfWake: false, hasAllEvents: false, sends: true, isReused: false),
    Row(isOfWake: false, hasAllEvents: true, isReused: true),
  ]

  @Test("an idle connection", arguments: rows)
  func take(row: Row) throws {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
    let id = ExchangeID(slot: 1, generation: 1)
    var pool = UpstreamPool(appCount: 1)
    pool.begin(ends[0], for: id, of: 0)
    var wake = Wake(now: 100, strictTransport: nil)
    wake.begin(100, eventCount: 1, hasAllEvents: row.hasAllEvents)
    pool.keep(ends[0], until: 1000, in: row.isOfWake ? wake.number : wake.number - 1)
    if row.sends { #expect(send(ends[1], "x", 1, 0) == 1) }
    if row.closes { close(ends[1]) }
    #expect(pool.take(for: id, of: 0, in: wake) == (row.isReused ? ends[0] : nil))
    #expect(pool.openCount == (row.isReused ? 1 : 0))
    if !row.closes { close(ends[1]) }
  }
}
