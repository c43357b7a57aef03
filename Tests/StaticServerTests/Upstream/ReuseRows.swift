import Testing

/// Responses of an app, and bytes that may follow them.
struct ReuseRow: Sendable, CustomTestStringConvertible {
  /// The fate of the connection after the response.
  enum Connection: Sendable {
    /// The next request must be sent on it.
    case kept
    /// No request may be sent on it.
    case dropped
    /// Either is valid.
    case either
  }

  /// When the app sends surplus bytes.
  enum Surplus: String, Sendable, CaseIterable {
    /// In one write with the response.
    case together
    /// After the client has the response, before the next request.
    case beforeNext
    /// After the next request was sent.
    case behindNext
  }

  let name: String
  var method = "GET"
  let answer: String
  /// The statuses that the client may get.
  var statuses: [Int] = [200]
  var body: String?
  let connection: Connection
  /// Whether the app closes its connection after the response.
  var closes = false

  var testDescription: String { "\(method) \(name)" }

  /// A response without a request, or content that the response cannot have.
  static let forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"

  private static let length = "Content-Length: 3\r\n\r\napp"

  private static func plain(_ status: Int, method: String = "GET") -> ReuseRow {
    ReuseRow(
      name: "\(status) with a length",
      method: method,
      answer: "HTTP/1.1 \(status) X\r\n\(length)",
      statuses: [status],
      body: "app",
      connection: .kept
    )
  }

  /// Responses that end as announced.
  static let whole: [ReuseRow] =
    [200, 201, 206, 301, 404, 426, 500, 503].map { plain($0) }
    + ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"].map { plain(200, method: $0) }
    + [102, 103, 104, 199, 100].map {
      ReuseRow(
        name: "\($0) before it",
        answer: "HTTP/1.1 \($0) X\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\(length)",
        statuses: [$0, 200],
        connection: .kept
      )
    } + [
      ReuseRow(
        name: "no content",
        answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        connection: .kept
      ),
      ReuseRow(
        name: "205 without content",
        answer: "HTTP/1.1 205 X\r\nContent-Length: 0\r\n\r\n",
        statuses: [205],
        connection: .kept
      ),
      ReuseRow(
        name: "chunks",
        answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\napp\r\n0\r\n\r\n",
        body: "app",
        connection: .kept
      ),
      ReuseRow(
        name: "chunks and trailers",
        answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "3;x=y\r\napp\r\n0\r\nA: b\r\n\r\n",
        body: "app",
        connection: .kept
      ),
      ReuseRow(
        name: "204",
        answer: "HTTP/1.1 204 X\r\n\r\n",
        statuses: [204],
        connection: .dropped
      ),
      ReuseRow(
        name: "304",
        answer: "HTTP/1.1 304 X\r\n\r\n",
        statuses: [304],
        connection: .dropped
      ),
      ReuseRow(
        name: "204 with length 0",
        answer: "HTTP/1.1 204 X\r\nContent-Length: 0\r\n\r\n",
        statuses: [204],
        connection: .either
      ),
      ReuseRow(
        name: "length 0",
        method: "HEAD",
        answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        connection: .either
      ),
      ReuseRow(
        name: "HTTP/1.0 that is kept",
        answer: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\(length)",
        body: "app",
        connection: .either
      ),
      ReuseRow(
        name: "close",
        answer: "HTTP/1.1 200 OK\r\nConnection: close\r\n\(length)",
        body: "app",
        connection: .dropped
      ),
      ReuseRow(
        name: "close among others",
        answer: "HTTP/1.1 200 OK\r\nConnection: x, Close\r\n\(length)",
        body: "app",
        connection: .dropped
      ),
      ReuseRow(
        name: "HTTP/1.0",
        answer: "HTTP/1.0 200 OK\r\n\(length)",
        body: "app",
        connection: .dropped
      ),
      ReuseRow(
        name: "until the end",
        answer: "HTTP/1.1 200 OK\r\n\r\napp",
        body: "app",
        connection: .dropped,
        closes: true
      ),
    ]

  /// Responses that announce content they cannot have, which may or may not follow.
  static let announced: [ReuseRow] =
    ["GET", "HEAD", "POST", "OPTIONS"].flatMap { method in
      [204, 304].flatMap { forbidden(method, $0) }
    } + [200, 206, 404, 500].flatMap { forbidden("HEAD", $0) }
    + [
      ReuseRow(
        name: "200 without a length",
        method: "HEAD",
        answer: "HTTP/1.1 200 OK\r\n\r\n",
        connection: .dropped
      )
    ]

  private static func forbidden(_ method: String, _ status: Int) -> [ReuseRow] {
    ["Content-Length: \(forged.utf8.count)", "Transfer-Encoding: chunked"].map {
      ReuseRow(
        name: "\(status) with \($0)",
        method: method,
        answer: "HTTP/1.1 \(status) X\r\n\($0)\r\n\r\n",
        statuses: [status],
        connection: .dropped
      )
    }
  }

  /// Responses whose end is not certain.
  static let doubtful: [ReuseRow] = [
    ReuseRow(
      name: "lengths that differ",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 44\r\n\r\napp\(forged)",
      statuses: [502],
      connection: .dropped
    ),
    ReuseRow(
      name: "a length and chunks",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3\r\napp\r\n0\r\n\r\n",
      statuses: [200, 502],
      connection: .dropped
    ),
    ReuseRow(
      name: "a protocol that was not asked for",
      answer: "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\(forged)",
      statuses: [502],
      connection: .dropped
    ),
    ReuseRow(
      name: "bytes behind the last chunk",
      answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\napp\r\n0\r\n\r\nxyz",
      body: "app",
      connection: .dropped
    ),
    ReuseRow(
      name: "an empty line behind it",
      answer: "HTTP/1.1 200 OK\r\n\(length)\r\n",
      body: "app",
      connection: .dropped
    ),
    ReuseRow(
      name: "more than the length",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\napp",
      body: "ap",
      connection: .dropped
    ),
    ReuseRow(
      name: "more than a length of 0",
      method: "POST",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n\(forged)",
      connection: .dropped
    ),
  ]
}
