/// A request as it is sent.
///
/// Placeholders in braces stand for values of the server: `{host}`, `{prefix}`, `{etag}` (see
/// `ServerFacts`); `{hex:80FF}` stands for bytes that are not text.
struct Request: Sendable {
  /// The bytes, in the pieces in which they are sent.
  let pieces: [String]

  /// Whether the response has no content regardless of its fields.
  var isHead: Bool { pieces.joined().drop { $0.isNewline }.hasPrefix("HEAD ") }
}

/// A request and what its response must be.
struct Exchange: Sendable {
  let request: Request
  let answer: Answer
  let expectations: [Expectation]

  /// Whether there is a response.
  enum Answer: Sendable {
    case required
    /// The server may close the connection instead; then the row ends without a failure.
    case optional
    /// The connection is closed without a response.
    case none
  }
}

extension Request {
  /// The exchange with a response that is required.
  func gives(_ expectations: Expectation...) -> Exchange {
    Exchange(request: self, answer: .required, expectations: expectations)
  }

  /// The exchange with a response that must be right if it is sent.
  func mayGive(_ expectations: Expectation...) -> Exchange {
    Exchange(request: self, answer: .optional, expectations: expectations)
  }

  /// The exchange without a response.
  var givesNothing: Exchange { Exchange(request: self, answer: .none, expectations: []) }
}

/// A request for a fixture: `path` is below the prefix and percent-encoded.
///
/// Content must have no placeholders, because its length is sent.
func request(
  _ method: String,
  _ path: String,
  _ fields: String...,
  content: String = ""
) -> Request {
  let length = content.isEmpty ? [] : ["Content-Length: \(content.utf8.count)"]
  return raw(message("\(method) {prefix}\(path) HTTP/1.1", fields + length, content))
}

/// A GET for a fixture.
func get(_ path: String, _ fields: String...) -> Request {
  raw(message("GET {prefix}\(path) HTTP/1.1", fields, ""))
}

/// A HEAD for a fixture.
func head(_ path: String, _ fields: String...) -> Request {
  raw(message("HEAD {prefix}\(path) HTTP/1.1", fields, ""))
}

/// A GET for the plain fixture with the field line under test, including its CRLF.
func get(lines: String) -> Request {
  raw("GET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\n\(lines)\r\n")
}

/// A GET for the plain fixture with `lines` where the `Host` field would stand.
func get(hostLines lines: String) -> Request {
  raw("GET {prefix}plain.txt HTTP/1.1\r\n\(lines)\r\n")
}

/// A request with the request line `line`.
func request(line: String, _ fields: String...) -> Request { raw(message(line, fields, "")) }

/// Raw bytes, each piece sent separately.
func raw(_ pieces: String...) -> Request { Request(pieces: pieces) }

private func message(_ line: String, _ fields: [String], _ content: String) -> String {
  "\(line)\r\n" + (["Host: {host}"] + fields).map { $0 + "\r\n" }.joined() + "\r\n" + content
}
