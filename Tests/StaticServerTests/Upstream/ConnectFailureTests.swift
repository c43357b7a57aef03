import Glibc
import StaticAssets
import Testing

@testable import StaticServer

/// The reaction to a failed connection to the app.
///
/// Goal: every error of connect(2) and socket(2) that a server can get, with and without a start
/// time for the app.
@Suite struct ConnectFailureTests {
  static let rows: [(code: Int32, expected: ConnectFailure, withHold: ConnectFailure)] = [
    (EAGAIN, .isFull, .isFull),
    (ECONNREFUSED, .fails(.refused), .isAway),
    (ENOENT, .fails(.missingSocket), .isAway),
    (EMFILE, .isExhausted, .isExhausted),
    (ENFILE, .isExhausted, .isExhausted),
    (ENOBUFS, .isExhausted, .isExhausted),
    (ENOMEM, .isExhausted, .isExhausted),
    (ETIMEDOUT, .fails(.connectTimeout), .fails(.connectTimeout)),
    (EACCES, .fails(.unreachable), .fails(.unreachable)),
    (EHOSTUNREACH, .fails(.unreachable), .fails(.unreachable)),
    (ENETUNREACH, .fails(.unreachable), .fails(.unreachable)),
    (EADDRNOTAVAIL, .fails(.unreachable), .fails(.unreachable)),
    (ECONNRESET, .fails(.closedBeforeHead), .fails(.closedBeforeHead)),
    (EPIPE, .fails(.closedBeforeHead), .fails(.closedBeforeHead)),
    (ENOTSOCK, .fails(.unreachable), .fails(.unreachable)),
  ]

  @Test(arguments: rows.indices)
  func failure(index: Int) {
    let row = Self.rows[index]
    #expect(ConnectFailure(row.code, holds: false) == row.expected)
    #expect(ConnectFailure(row.code, holds: true) == row.withHold)
  }

  @Test func closedByApp() {
    for row in Self.rows {
      #expect(ConnectFailure.isClose(row.code) == [EPIPE, ECONNRESET].contains(row.code))
    }
  }
}
