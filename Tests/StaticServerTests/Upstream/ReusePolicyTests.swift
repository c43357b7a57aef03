import Testing

@testable import StaticServer

/// Whether the app's connection is reused after a response.
///
/// Goal: every combination of the inputs. Method: heads are parsed, so that the rows are responses
/// as an app would send them.
@Suite struct ReusePolicyTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let method: String
    let head: String
    let isReused: Bool
    var testDescription: String { "\(method): \(head.replacing("\r\n", with: " "))" }
  }

  /// Framing and connection fields, and whether the connection is reused after an ordinary response
  /// with them.
  private static let framings: [(fields: String, isReused: Bool)] = [
    ("Content-Length: 0\r\n", true),
    ("Content-Length: 5\r\n", true),
    ("Transfer-Encoding: chunked\r\n", true),
    ("", false),
    ("Content-Length: 5\r\nConnection: close\r\n", false),
    ("Content-Length: 5\r\nConnection: keep-alive, close\r\n", false),
    ("Transfer-Encoding: chunked\r\nConnection: close\r\n", false),
  ]

  static let rows: [Row] = {
    var rows: [Row] = []
    for method in ["GET", "POST", "OPTIONS", "HEAD"] {
      for status in [200, 201, 204, 205, 206, 301, 304, 400, 404, 500, 503] {
        for (fields, isReused) in framings {
          let hasNoContent = method == "HEAD" || status == 204 || status == 304
          // Only an announced length of 0 makes it certain that no content follows.
          let isCertain = !hasNoContent || fields == "Content-Length: 0\r\n"
          rows.append(
            Row(
              method: method,
              head: "HTTP/1.1 \(status) X\r\n\(fields)\r\n",
              isReused: isReused && isCertain
            )
          )
        }
      }
    }
    let version10: [(String, Bool)] = [
      ("Content-Length: 5\r\n", false),
      ("Content-Length: 5\r\nConnection: keep-alive\r\n", true),
      ("Connection: keep-alive\r\n", false),
    ]
    for (fields, isReused) in version10 {
      let head = "HTTP/1.0 200 OK\r\n\(fields)\r\n"
      rows.append(Row(method: "GET", head: head, isReused: isReused))
    }
    return rows
  }()

  private func ending(_ row: Row) throws -> ReusePolicy.Ending {
    var head = UpstreamResponseHead()
    let bytes = Array(row.head.utf8)
    let outcome = UpstreamResponseHead.parse(bytes.span, isHead: row.method == "HEAD", into: &head)
    try #require(outcome == .complete)
    return head.ending
  }

  @Test("after a response that ended as its head announced", arguments: rows)
  func reuse(row: Row) throws {
    #expect(ReusePolicy.mayReuse(try ending(row), ReusePolicy.Outcome()) == row.isReused)
  }

  @Test("never after any other outcome", arguments: rows.filter(\.isReused))
  func outcomes(row: Row) throws {
    let ending = try ending(row)
    let outcomes = [
      ReusePolicy.Outcome(trailingByteCount: 1),
      ReusePolicy.Outcome(unsentByteCount: 1),
      ReusePolicy.Outcome(stopsSending: true),
      ReusePolicy.Outcome(isBroken: true),
      ReusePolicy.Outcome(isOfOneClient: true),
    ]
    for outcome in outcomes { #expect(!ReusePolicy.mayReuse(ending, outcome)) }
  }
}
