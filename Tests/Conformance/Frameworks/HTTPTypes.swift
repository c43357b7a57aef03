extension Framework {
  /// The server of the example for swift-http-types, over HTTP/1.1.
  static let httpTypes = Framework(
    name: "http-types",
    deviations: [
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
          "a line without a version is refused, not answered as HTTP/0.9",
          "chunked in HTTP/1.0 is refused",
        ]
      ),
      Deviation(
        reason: "NIO's parser reads nothing more behind CONNECT and behind an upgrade",
        rows: [
          "1.1 goes on with an upgrade that is not wanted"
        ]
      ),
      Deviation(
        reason: "The codec hands out the path of an absolute target alone",
        rows: [
          "target: absolute-form without an authority",
          "user information in the target is an error",
          "absolute-form with another scheme",
        ]
      ),
      Deviation(
        reason:
          "The server of the example lets NIO answer what its parser refuses, with a 400 without `Date`",
        rows: [
          "methods are case-sensitive: get",
          "methods are case-sensitive: Head",
          "a method that begins like a known one is another",
          "HTTP/1.0 gets no 100",
          "range: HTTP/1.0",
          "CR alone is refused or a space",
          "a line that begins with space after the request line is no field",
          "LF alone is a line end or refused",
          "the greeting of HTTP/2 is refused",
          "HTTP/1.2 is read as 1.1",
          "absolute-form in HTTP/1.0",
          "Host: NUL is invalid",
          "Host: none in HTTP/1.0",
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
          "transfer coding: chunked with a parameter",
          "transfer coding: chunked in quotes",
          "transfer coding: a vertical tab before chunked",
          "chunk: a size that is no number ends the connection",
          "chunk: a size with a prefix ends the connection",
          "chunk: a size below zero ends the connection",
          "chunk: a size beyond 64 bits ends the connection",
          "chunk: no size ends the connection",
          "chunk: data longer than the size ends the connection",
          "chunk: a line feed in an extension ends the connection",
          "chunk: a trailer without a colon ends the connection",
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
          "transfer coding: gzip",
          "transfer coding: a name that ends in chunked",
          "transfer coding: a name that begins with chunked",
          "transfer coding: identity",
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
          "chunk: malformed is refused",
          "chunked with Content-Length is refused: chunked first",
          "chunked with Content-Length is refused: length first",
          "chunked with Content-Length is refused: a length of 0",
        ]
      ),
      Deviation(
        reason:
          "HTTPRequest does not tell the version: HTTP/1.0 with an authority goes on as HTTP/1.1",
        rows: [
          "HTTP/1.0 ends the connection",
          "HTTP/1.0 HEAD",
          "HTTP/1.0 with keep-alive goes on",
        ]
      ),
      Deviation(
        reason:
          "HTTPRequest does not tell the version, and without an authority counts as HTTP/1.0",
        rows: [
          "a 400 has Date",
          "conditions do not save an invalid request",
          "absolute-form needs Host",
          "Host: none in 1.1 is invalid",
          "pipelined: what came before an invalid request is answered",
          "a 400 explains itself",
          "a 400 says that the connection closes",
        ]
      ),
      Deviation(
        reason: "The server of the example ends no connection for `Expect`",
        rows: [
          "a final status in place of 100 ends the connection"
        ]
      ),
      Deviation(
        reason: "NIO closes a connection whose client has ended its side",
        isRace: true,
        rows: [
          "a client that has sent all still gets its response",
          "pipelined: the client ends its side after three",
        ]
      ),
      Deviation(
        reason:
          "NIO refuses what comes behind the last request, unless the connection is closed before",
        isRace: true,
        rows: [
          "pipelined: nothing is answered after HTTP/1.0",
          "pipelined: nothing is answered after close",
        ]
      ),
    ]
  )
}
