extension Framework {
  /// Hummingbird 2 behind SwiftNIO.
  static let hummingbird = Framework(
    name: "hummingbird",
    deviations: [
      Deviation(
        reason: "Hummingbird does not know of HTTP/1.0, and keeps its connections open",
        rows: [
          "HTTP/1.0 gets no 100",
          "range: HTTP/1.0",
          "absolute-form in HTTP/1.0",
          "Host: none in HTTP/1.0",
          "HTTP/1.0 ends the connection",
          "HTTP/1.0 with close and keep-alive ends",
          "HTTP/1.0 HEAD",
          "HTTP/1.0 with keep-alive goes on",
        ]
      ),
      Deviation(
        reason:
          "A request that comes before the answer to HTTP/1.0 is answered by then, or refused",
        isRace: true,
        rows: [
          "pipelined: nothing is answered after HTTP/1.0"
        ]
      ),
      Deviation(
        reason:
          "Hummingbird answers before it reads content, which may turn out malformed as it answers",
        isRace: true,
        rows: [
          "chunk: a size that is no number ends the connection",
          "chunk: a size with a prefix ends the connection",
          "chunk: a size below zero ends the connection",
          "chunk: a size beyond 64 bits ends the connection",
          "chunk: no size ends the connection",
          "chunk: data longer than the size ends the connection",
          "chunk: a line feed in an extension ends the connection",
          "chunk: a trailer without a colon ends the connection",
        ]
      ),
      Deviation(
        reason: "Hummingbird answers what NIO's parser refuses, with a 400 without `Date`",
        rows: [
          "methods are case-sensitive: get",
          "methods are case-sensitive: Head",
          "a method that begins like a known one is another",
          "CR alone is refused or a space",
          "a line that begins with space after the request line is no field",
          "LF alone is a line end or refused",
          "the greeting of HTTP/2 is refused",
          "HTTP/1.2 is read as 1.1",
          "Host: NUL is invalid",
          "field: a space before the colon",
          "field: a tab before the colon",
          "field: a space before the colon of Content-Length",
          "field: a folded line is refused or unfolded",
          "field: a folded Transfer-Encoding is no hiding place",
          "field: NUL in a value is refused or replaced",
          "length: two that differ",
          "length: a list of two that differ",
          "length: a sign",
          "length: below zero",
          "length: hexadecimal",
          "length: letters",
          "length: a space inside",
          "length: a decimal point",
          "length: a semicolon",
          "length: quotes",
          "length: nothing",
          "length: an empty member",
          "length: beyond 64 bits",
          "length: two that are equal are refused or one",
          "chunked with Content-Length closes the connection",
          "transfer coding: gzip after chunked",
          "transfer coding: chunked twice",
          "transfer coding: chunked in two lines",
          "transfer coding: identity after chunked",
          "transfer coding: a vertical tab before chunked",
          "pipelined: nothing is answered after a length that is invalid",
          "an unknown method is refused",
          "a TLS greeting is refused",
          "the version HTTP/2.0 is refused",
          "the version HTTP/0.9 is refused",
          "the version HTTP/3 is refused",
          "the version http/1.1 is refused",
          "the version HTTP/1.10 is refused",
          "the version HTTP/11 is refused",
          "the version HTTP/1. is refused",
          "the version HTTP/+1.1 is refused",
          "the version HTTP/1,1 is refused",
          "the version HTTP/1.x is refused",
          "the version HTP/1.1 is refused",
          "the version HTTPS/1.1 is refused",
          "the version HTTP /1.1 is refused",
          "request line: no target and no version",
          "request line: no version",
          "request line: no target",
          "request line: an empty target",
          "request line: a space in the target",
          "request line: a space before the method",
          "request line: no method",
          "request line: a method that is no token",
          "request line: a colon after the method",
          "request line: a method above ASCII",
          "request line: NUL in the target",
          "request line: NUL in the method",
          "request line: a control character in the target",
          "request line: DEL in the target",
          "request line: a tab after the target",
          "request line: a fourth word",
          "a method of 300 letters is refused",
          "a token method of odd characters is a method",
          "target: a path without its slash",
          "target: a query alone",
          "authority-form is for CONNECT",
          "a refused request says that the connection closes",
          "a refusal is readable though the client goes on sending",
          "BREW is 405 with the three methods, and the connection goes on",
          "a version that is not supported is 505",
          "LF alone ends no line",
          "LF alone ends no request line",
          "LF alone ends no head",
          "CR alone in a field value",
          "CR CR LF after a field",
          "CR alone in the request line",
          "a space before the first field",
          "a tab before the first field",
          "HTTP/1.9 needs Host",
          "request line: a space after the version",
          "request line: a tab after the method",
          "field refused: a folded line",
          "field refused: a line folded with a tab",
          "field refused: a fold of nothing",
          "field refused: NUL in a value",
          "field refused: NUL in a name",
          "field refused: no colon",
          "field refused: no name",
          "field refused: a space in a name",
          "field refused: a bracket in a name",
          "field refused: a quote in a name",
          "field refused: a byte above ASCII in a name",
          "field refused: a control character in a name",
          "field refused: LF alone after a line",
          "length: two that are equal are refused",
          "length: a list of equal values is refused",
          "chunked with Content-Length is refused: chunked first",
          "chunked with Content-Length is refused: length first",
          "chunked with Content-Length is refused: a length of 0",
        ]
      ),
      Deviation(
        reason: "Hummingbird does not judge `Host`, and hands out one of several",
        rows: [
          "a 400 has Date",
          "conditions do not save an invalid request",
          "absolute-form needs Host",
          "Host: none in 1.1 is invalid",
          "Host: two is invalid",
          "Host: two that are equal is invalid",
          "Host: two in different case is invalid",
          "Host: a list is invalid",
          "Host: a space inside is invalid",
          "Host: a URI is invalid",
          "Host: a path is invalid",
          "Host: a backslash is invalid",
          "Host: user information is invalid",
          "Host: a query is invalid",
          "Host: a fragment is invalid",
          "Host: quotes is invalid",
          "Host: angle brackets is invalid",
          "Host: bytes above ASCII is invalid",
          "Host: a port that is no number is invalid",
          "Host: two ports is invalid",
          "Host: a bracket that is not closed is invalid",
          "Host: a bracket that is not opened is invalid",
          "Host: a percent sign without digits is invalid",
          "Host: two in HTTP/1.0",
          "pipelined: what came before an invalid request is answered",
          "a 400 explains itself",
          "a 400 says that the connection closes",
        ]
      ),
      Deviation(
        reason: "Hummingbird closes for no other value than `close`",
        rows: [
          "1.1 ends with Close",
          "1.1 ends with close in a list",
          "1.1 ends with close before another",
          "1.1 ends with close with empty members",
          "1.1 ends with close in a second line",
        ]
      ),
      Deviation(
        reason:
          "Hummingbird has answered before it reads content, and judges transfer codings then or never",
        rows: [
          "chunked in HTTP/1.0 closes the connection",
          "transfer coding: chunked with a parameter",
          "transfer coding: chunked in quotes",
          "transfer coding: gzip",
          "transfer coding: a name that ends in chunked",
          "transfer coding: a name that begins with chunked",
          "transfer coding: gzip before chunked",
          "transfer coding: identity",
          "chunk: malformed is refused",
          "chunked in HTTP/1.0 is refused",
        ]
      ),
      Deviation(
        reason: "Hummingbird ends no connection for a response that says so",
        rows: [
          "a final status in place of 100 ends the connection"
        ]
      ),
      Deviation(
        reason: "What is nothing of the table's is the app's to refuse",
        rows: [
          "CONNECT without a port is invalid",
          "target: a fragment",
          "target: an asterisk with more",
          "OPTIONS * is about the server",
          "CONNECT makes no tunnel",
          "asterisk-form names no file",
        ]
      ),
      Deviation(
        reason: "Hummingbird hands out the path of an absolute target alone",
        rows: [
          "target: absolute-form without an authority",
          "user information in the target is an error",
          "absolute-form without a path, with a query",
          "absolute-form with another scheme",
        ]
      ),
      Deviation(
        reason: "NIO's parser reads nothing more behind CONNECT and behind an upgrade",
        rows: [
          "CONNECT in origin-form",
          "1.1 goes on with an upgrade that is not wanted",
        ]
      ),
      Deviation(
        reason: "NIO's parser has other limits",
        rows: [
          "a target that is too long is 414",
          "fields that are too large together are 431",
          "a hundred and one fields are 431",
        ]
      ),
      Deviation(
        reason: "NIO's parser forgives more than one space in a request line",
        rows: [
          "request line: two spaces after the method",
          "request line: two spaces before the version",
        ]
      ),
      Deviation(
        reason: "NIO's parser waits for more of a request that ends early",
        rows: [
          "a line without a version is refused, not answered as HTTP/0.9"
        ]
      ),
    ]
  )
}
