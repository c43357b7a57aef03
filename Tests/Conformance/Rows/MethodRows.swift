/// RFC 9110 §9: methods.
extension Row {
  static let methodRows: [Row] = [
    Row(
      "GET is answered with the file",
      .rfc9110("9.1", "general-purpose servers MUST support GET"),
      .must,
      get("plain.txt").gives(.whole("plain.txt"))
    ),
    Row(
      "HEAD is answered without content",
      .rfc9110("9.3.2", "the server MUST NOT send content in the response to HEAD"),
      .must,
      head("plain.txt").gives(.status(200))
    ),
    sameHead("plain.txt", "identity"),
    sameHead("text.txt", "br, gzip"),
    sameHead("huge.bin", "identity"),
    sameHead("empty.txt", "identity"),
    Row(
      "HEAD of a name that does not exist has no content",
      .rfc9110("9.3.2", "the server MUST NOT send content in the response to HEAD"),
      .must,
      head("none").gives(.status(404))
    ),
    Row(
      "HEAD of a name that does not exist has the fields of GET",
      .rfc9110("9.3.2", "SHOULD send the fields of GET"),
      .should,
      get("none").gives(.status(404)),
      head("none").gives(.same(["Content-Type", "Cache-Control"], asIn: 0))
    ),
    Row(
      "HEAD of a large file is followed by the next response at once",
      .rfc9110("9.3.2", "the server MUST NOT send content in the response to HEAD"),
      .must,
      head("huge.bin").gives(.status(200)),
      get("one.bin").gives(.whole("one.bin")),
      sending: .pipelined
    ),
    Row(
      "methods are case-sensitive: get",
      .rfc9110("9.1", "the method token is case-sensitive"),
      .must,
      request("get", "plain.txt").gives(.status(400, 405, 501))
    ),
    Row(
      "methods are case-sensitive: Head",
      .rfc9110("9.1", "the method token is case-sensitive"),
      .must,
      request("Head", "plain.txt").gives(.status(400, 405, 501))
    ),
    Row(
      "a method that begins like a known one is another",
      .rfc9110("9.1", "a method is a whole token"),
      .must,
      request("GETS", "plain.txt").gives(.status(400, 405, 501))
    ),
    Row(
      "an unknown method is refused",
      .rfc9110("9.1", "an unrecognised method SHOULD be 501, or 405"),
      .should,
      request("BREW", "plain.txt").gives(.status(405, 501))
    ),
    refused("POST", .must), refused("PUT", .must), refused("DELETE", .must),
    refused("PATCH", .must), refused("POST", .should), refused("DELETE", .should),
    refused("POST", .promise), refused("PUT", .promise), refused("DELETE", .promise),
    refused("PATCH", .promise), refused("BREW", .promise), refused("PROPFIND", .promise),
    Row(
      "a refused DELETE changes nothing",
      .rfc9110("9.3.5", "the file stays unless the method was performed"),
      .promise,
      request("DELETE", "plain.txt").gives(.status(405)),
      get("plain.txt").gives(.whole("plain.txt"))
    ),
    Row(
      "PUT with content changes nothing",
      .rfc9110("9.3.4", "the file stays unless the method was performed"),
      .promise,
      request("PUT", "one.bin", content: "x").gives(.status(405))
    ),
    Row(
      "GET with a query finds the file",
      .rfc9110("9.3.1", "the target URI identifies the resource"),
      .promise,
      get("plain.txt?v=1&w=%20/../x").gives(.whole("plain.txt"))
    ),
    Row(
      "GET with content is answered and its content is no request",
      .rfc9110("9.3.1", "content in a GET has no meaning, but is framed"),
      .must,
      request(
        "GET",
        "plain.txt",
        content: "GET /none HTTP/1.1\r\nHost: none.test\r\n\r\n"
      ).gives(.status(200, 400, 413)),
      get("one.bin").mayGive(.whole("one.bin")),
      sending: .pipelined
    ),
    Row(
      "OPTIONS that succeeds tells the methods",
      .rfc9110("9.3.7", "SHOULD send fields that tell optional features"),
      .should,
      request("OPTIONS", "plain.txt").gives(.when([200, 204], [.field("Allow", .present)]))
    ),
    Row(
      "OPTIONS of a file",
      .rfc9110("9.3.7", "a request for the communication options"),
      .promise,
      request("OPTIONS", "plain.txt").gives(
        .status(204),
        .field("Allow", .equals("GET, HEAD, OPTIONS"))
      ),
      ending: .open
    ),
    Row(
      "OPTIONS of a name that does not exist",
      .rfc9110("9.3.7", "applies to the target resource"),
      .promise,
      request("OPTIONS", "none").gives(.status(404))
    ),
    Row(
      "OPTIONS with Max-Forwards is answered by the last server",
      .rfc9110("7.6.2", "Max-Forwards may be ignored by the origin server"),
      .promise,
      request("OPTIONS", "plain.txt", "Max-Forwards: 0").gives(.status(204))
    ),
    Row(
      "OPTIONS * is about the server",
      .rfc9110("9.3.7", "an asterisk applies to the server in general"),
      .promise,
      request(line: "OPTIONS * HTTP/1.1").gives(
        .status(200, 204),
        .field("Allow", .has("get"))
      ),
      ending: .open
    ),
    Row(
      "TRACE is not answered with the request",
      .rfc9110("9.3.8", "a server may leave TRACE out"),
      .promise,
      request("TRACE", "plain.txt").gives(.status(405, 501))
    ),
    Row(
      "CONNECT makes no tunnel",
      .rfc9110("9.3.6", "most origin servers do not implement CONNECT"),
      .promise,
      raw("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n").gives(.status(400, 405, 501))
    ),
    Row(
      "CONNECT without a port is invalid",
      .rfc9110("9.3.6", "a server MUST reject a CONNECT with an empty or invalid port"),
      .must,
      raw("CONNECT example.test HTTP/1.1\r\nHost: example.test\r\n\r\n").gives(
        .status(400, 405, 501)
      )
    ),
  ]

  private static func sameHead(_ file: String, _ codings: String) -> Row {
    let names = [
      "Content-Type", "Content-Encoding", "Content-Length", "ETag", "Last-Modified", "Vary",
      "Cache-Control", "Accept-Ranges", "Access-Control-Allow-Origin",
    ]
    return Row(
      "HEAD of \(file) has the fields of GET",
      .rfc9110("9.3.2", "SHOULD send the fields of GET"),
      .should,
      get(file, "Accept-Encoding: \(codings)").gives(.status(200)),
      head(file, "Accept-Encoding: \(codings)").gives(.status(200), .same(names, asIn: 0))
    )
  }

  private static func refused(_ method: String, _ level: Level) -> Row {
    switch level {
    case .must:
      Row(
        "\(method) that is not allowed tells what is",
        .rfc9110("15.5.6", "the server MUST generate Allow in a 405"),
        .must,
        request(method, "plain.txt", "Content-Length: 0").gives(
          .when([405], [.field("Allow", .has("get"))])
        )
      )
    case .should:
      Row(
        "\(method) of a file is not allowed",
        .rfc9110("9.1", "a known method that is not allowed SHOULD be 405"),
        .should,
        request(method, "plain.txt", "Content-Length: 0").gives(.status(405))
      )
    case .promise:
      Row(
        "\(method) is 405 with the three methods, and the connection goes on",
        .rfc9110("15.5.6", "Allow lists the methods"),
        .promise,
        request(method, "plain.txt", "Content-Length: 0").gives(
          .status(405),
          .field("Allow", .equals("GET, HEAD, OPTIONS"))
        ),
        ending: .open
      )
    }
  }
}
