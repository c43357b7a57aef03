/// RFC 9112 §3.2: the four forms of a target.
extension Row {
  static let targetRows: [Row] = [
    Row(
      "origin-form",
      .rfc9112("3.2.1", "origin-form = absolute-path [ ? query ]"),
      .must,
      request(line: "GET {prefix}plain.txt?a=b&c HTTP/1.1").gives(.whole("plain.txt"))
    ),
    Row(
      "origin-form with an empty query",
      .rfc9112("3.2.1", "origin-form = absolute-path [ ? query ]"),
      .must,
      request(line: "GET {prefix}plain.txt? HTTP/1.1").gives(.whole("plain.txt"))
    ),
    Row(
      "origin-form / exists or not",
      .rfc9112("3.2.1", "an empty path is sent as /"),
      .must,
      request(line: "GET / HTTP/1.1").gives(.status(200, 301, 302, 307, 308, 403, 404))
    ),
    refused("a path without its slash", "3.2.1", "GET static/plain.txt HTTP/1.1"),
    refused("a query alone", "3.2.1", "GET ?a HTTP/1.1"),
    refused("a fragment", "3.2", "GET {prefix}plain.txt#a HTTP/1.1"),
    absolute("absolute-form", "http://{host}{prefix}plain.txt"),
    absolute("absolute-form with a query", "http://{host}{prefix}plain.txt?a=http://b/"),
    absolute("absolute-form with a scheme in capitals", "HTTP://{host}{prefix}plain.txt"),
    Row(
      "absolute-form goes before Host",
      .rfc9112("3.2.2", "MUST ignore Host and use the host of the target"),
      .must,
      raw("GET http://{host}{prefix}plain.txt HTTP/1.1\r\nHost: other.test\r\n\r\n").gives(
        .whole("plain.txt")
      )
    ),
    Row(
      "absolute-form needs Host",
      .rfc9112("3.2", "MUST respond 400 to a 1.1 request without Host"),
      .must,
      raw("GET http://{host}{prefix}plain.txt HTTP/1.1\r\n\r\n").gives(.status(400))
    ),
    Row(
      "absolute-form in HTTP/1.0",
      .rfc9112("3.2.2", "a server MUST accept the absolute-form"),
      .must,
      raw("GET http://{host}{prefix}plain.txt HTTP/1.0\r\n\r\n").gives(.whole("plain.txt"))
    ),
    Row(
      "absolute-form of a name that does not exist",
      .rfc9112("3.2.2", "a server MUST accept the absolute-form"),
      .must,
      request(line: "GET http://{host}{prefix}none HTTP/1.1").gives(.status(404))
    ),
    Row(
      "absolute-form without a path is not malformed",
      .rfc9112("3.2.2", "absolute-URI has a path that may be empty"),
      .must,
      request(line: "GET http://{host} HTTP/1.1").gives(
        .status(200, 301, 302, 307, 308, 403, 404)
      )
    ),
    Row(
      "absolute-form without a path, with a query",
      .rfc9112("3.2.2", "absolute-URI has a path that may be empty"),
      .promise,
      request(line: "GET http://{host}?a HTTP/1.1").gives(.status(404))
    ),
    refused("absolute-form without an authority", "3.2.2", "GET http:///static/plain.txt HTTP/1.1"),
    Row(
      "absolute-form with another scheme",
      .rfc9110("7.4", "a target that is not this server's is refused"),
      .promise,
      request(line: "GET ftp://x{prefix}plain.txt HTTP/1.1").gives(.status(400, 404, 421))
    ),
    Row(
      "user information in the target is an error",
      .rfc9110("4.2.4", "SHOULD treat userinfo as an error"),
      .should,
      request(line: "GET http://user@{host}{prefix}plain.txt HTTP/1.1").gives(.status(400))
    ),
    Row(
      "authority-form is for CONNECT",
      .rfc9112("3.2.3", "authority-form is only used for CONNECT"),
      .should,
      request(line: "GET {host} HTTP/1.1").gives(.status(400))
    ),
    Row(
      "CONNECT in origin-form",
      .rfc9112("3.2.3", "MUST send only the host and port as target of CONNECT"),
      .must,
      request(line: "CONNECT {prefix}plain.txt HTTP/1.1").gives(.status(400, 405, 501))
    ),
    Row(
      "asterisk-form is for OPTIONS",
      .rfc9112("3.2.4", "asterisk-form is only used for OPTIONS"),
      .must,
      request(line: "GET * HTTP/1.1").gives(.status(400, 404))
    ),
    Row(
      "asterisk-form names no file",
      .rfc9112("3.2.4", "* is the server as a whole"),
      .promise,
      request(line: "HEAD * HTTP/1.1").gives(.status(400))
    ),
    refused("an asterisk with more", "3.2.4", "OPTIONS *x HTTP/1.1"),
  ]

  private static func absolute(_ name: String, _ target: String) -> Row {
    Row(
      name,
      .rfc9112("3.2.2", "a server MUST accept the absolute-form"),
      .must,
      request(line: "GET \(target) HTTP/1.1").gives(.whole("plain.txt"))
    )
  }

  private static func refused(_ name: String, _ section: String, _ line: String) -> Row {
    Row(
      "target: \(name)",
      .rfc9112(section, "SHOULD respond 400 to an invalid request line"),
      .should,
      request(line: line).gives(.status(400))
    )
  }
}
