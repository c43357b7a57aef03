extension Framework {
  /// HTTP/2 in SwiftNIO, behind HAProxy, which serves HTTP/1.1 to the clients.
  static let nioHTTP2 = Framework(
    name: "nio-http2",
    deviations: [
      .refusedByHAProxy,
      Deviation(
        reason: "HAProxy makes a proper request of HTTP/2 of it",
        rows: [
          "absolute-form needs Host",
          "Host: two that are equal is invalid",
          "Host: two in different case is invalid",
          "Host: a URI is invalid",
          "Host: a path is invalid",
          "Host: NUL is invalid",
          "the version HTTP/2.0 is refused",
          "the version HTTP/0.9 is refused",
          "the version HTTP/3 is refused",
          "the version HTTP/1.10 is refused",
          "the version HTTP/11 is refused",
          "the version HTTP/1. is refused",
          "the version HTP/1.1 is refused",
          "the version HTTPS/1.1 is refused",
          "request line: DEL in the target",
          "request line: a tab after the target",
          "target: absolute-form without an authority",
          "user information in the target is an error",
          "a version that is not supported is 505",
          "LF alone ends no line",
          "LF alone ends no request line",
          "LF alone ends no head",
          "request line: two spaces after the method",
          "request line: two spaces before the version",
          "request line: a tab after the method",
          "absolute-form with another scheme",
          "field refused: a folded line",
          "field refused: a line folded with a tab",
          "field refused: a fold of nothing",
          "field refused: LF alone after a line",
          "chunked with Content-Length is refused: chunked first",
          "chunked with Content-Length is refused: length first",
          "chunked with Content-Length is refused: a length of 0",
        ]
      ),
      Deviation(
        reason:
          "NIO refuses the field or the authority in HTTP/2, which HAProxy tells with its own error",
        rows: [
          "a line that begins with space after the request line is no field",
          "Host: a space inside is invalid",
          "field: a space before the colon",
          "field: a tab before the colon",
          "field: a space before the colon of Content-Length",
          "field: NUL in a value is refused or replaced",
          "a space before the first field",
          "a tab before the first field",
          "Host: empty, for a URI without authority",
          "Host: empty after a space",
          "field refused: NUL in a value",
          "field refused: NUL in a name",
          "field refused: a space in a name",
          "field refused: a bracket in a name",
          "field refused: a quote in a name",
          "field refused: a byte above ASCII in a name",
          "field refused: a control character in a name",
        ]
      ),
      Deviation(
        reason: "NIO's codec refuses a request of HTTP/2 without `:authority`",
        rows: [
          "range: HTTP/1.0",
          "Host: none in HTTP/1.0",
          "HTTP/1.0 with keep-alive goes on if the response says so",
          "HTTP/1.0 with close and keep-alive ends",
          "HTTP/1.0 HEAD",
          "pipelined: nothing is answered after HTTP/1.0",
          "OPTIONS * is about the server",
          "absolute-form without a path, with a query",
          "HTTP/1.0 with keep-alive goes on",
          "HTTP/1.0 with Keep-Alive in capitals goes on",
        ]
      ),
      Deviation(
        reason: "HAProxy has other limits",
        rows: [
          "fields of 64 KiB are a client error or fine",
          "a target of 64 KiB is too long or fine",
          "a target that is too long is 414",
          "fields that are too large together are 431",
          "a hundred and one fields are 431",
        ]
      ),
      Deviation(
        reason: "HTTP/2 has nothing of the kind, and HAProxy decides",
        rows: [
          "the greeting of HTTP/2 is refused",
          "a method of 300 letters is refused",
          "a final status in place of 100 ends the connection",
          "length: two that are equal are refused",
          "length: a list of equal values is refused",
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
    ]
  )
}
