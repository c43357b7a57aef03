import Testing

@testable import StaticServer

/// Whether a request to the app is repeated.
///
/// Goal: every combination of the inputs, compared with the rule in simple form.
@Suite struct RetryPolicyTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let attempt: RetryPolicy.Attempt
    let app: RetryPolicy.App
    var testDescription: String { "\(attempt) \(app)" }
  }

  static let rows: [Row] = {
    var rows: [Row] = []
    for isIdempotent in [true, false] {
      for (byteCount, sentByteCount) in [(300, 0), (300, 1), (300, 300), (9000, 9000)] {
        for wasReset in [true, false] {
          for hasHeard in [true, false] {
            for (repeatCount, unreadCount) in [(0, 0), (1, 0), (0, 2), (0, 3), (1, 3)] {
              for isLocal in [true, false] {
                for firstReadByteCount in [0, 299, 300, 8192] {
                  rows.append(
                    Row(
                      attempt: RetryPolicy.Attempt(
                        isIdempotent: isIdempotent,
                        byteCount: Int64(byteCount),
                        sentByteCount: Int64(sentByteCount),
                        wasReset: wasReset,
                        hasHeard: hasHeard,
                        repeatCount: repeatCount,
                        unreadCount: unreadCount
                      ),
                      app: RetryPolicy.App(
                        isLocal: isLocal,
                        firstReadByteCount: firstReadByteCount
                      )
                    )
                  )
                }
              }
            }
          }
        }
      }
    }
    return rows
  }()

  @Test func repetition() {
    for row in Self.rows {
      let attempt = row.attempt
      let app = row.app
      var expected = !attempt.hasHeard
      let isReset =
        attempt.wasReset && app.isLocal && attempt.sentByteCount == attempt.byteCount
        && attempt.byteCount <= Int64(app.firstReadByteCount)
      if attempt.sentByteCount == 0 || isReset {
        if attempt.unreadCount >= 3 { expected = false }
      } else if !attempt.isIdempotent || attempt.repeatCount > 0 {
        expected = false
      }
      #expect(RetryPolicy.mayRepeat(attempt, app) == expected, "\(row)")
    }
  }

  @Test("a request that may not be repeated does not reuse a connection of an unknown app")
  func keptConnections() {
    let gunicorn = RetryPolicy.App(isLocal: true, firstReadByteCount: 8192)
    let rows: [(isIdempotent: Bool, byteCount: Int64, app: RetryPolicy.App, expected: Bool)] = [
      (true, 1 << 20, RetryPolicy.App(), true),
      (false, 100, RetryPolicy.App(), false),
      (false, 100, RetryPolicy.App(isLocal: true), false),
      (false, 100, RetryPolicy.App(isLocal: false, firstReadByteCount: 8192), false),
      (false, 8191, gunicorn, true),
      (false, 8192, gunicorn, true),
      (false, 8193, gunicorn, false),
    ]
    for row in rows {
      let mayUse = RetryPolicy.mayUseKept(
        isIdempotent: row.isIdempotent,
        byteCount: row.byteCount,
        row.app
      )
      #expect(mayUse == row.expected, "\(row)")
    }
  }

  @Test("if the first read is uncertain, no request is repeated more than once")
  func uncertainRead() {
    let app = RetryPolicy.App(isLocal: true, firstReadByteCount: 8192, isFirstReadCertain: false)
    for isIdempotent in [true, false] {
      for (repeatCount, unreadCount) in [(0, 0), (1, 0), (0, 1), (0, 2)] {
        var attempt = RetryPolicy.Attempt(
          isIdempotent: isIdempotent,
          byteCount: 300,
          sentByteCount: 300,
          wasReset: true,
          repeatCount: repeatCount,
          unreadCount: unreadCount
        )
        #expect(RetryPolicy.mayRepeat(attempt, app) == (repeatCount == 0), "\(attempt)")
        #expect(!RetryPolicy.isCertainlyUnread(attempt, app), "counts as a repetition")
        // If no byte was sent, it is certain.
        attempt.sentByteCount = 0
        #expect(RetryPolicy.mayRepeat(attempt, app), "\(attempt)")
      }
    }
  }
}
