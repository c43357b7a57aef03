extension Framework {
  /// The parts of swift-nio-extras over HTTP/1.1.
  static let nioHTTPTypes = Framework(
    name: "nio-http-types",
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
        reason: "NIO takes no other versions than HTTP/1.0 and HTTP/1.1, and refuses them with 400",
        rows: [
          "HTTP/1.2 is read as 1.1",
          "a version that is not supported is 505",
        ]
      ),
      Deviation(
        reason: "NIO's parser takes only methods that it knows",
        rows: [
          "an unknown method is refused",
          "a token method of odd characters is a method",
          "BREW is 405 with the three methods, and the connection goes on",
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
          "HTTPRequest does not tell the version: HTTP/1.0 with an authority goes on as HTTP/1.1",
        rows: [
          "HTTP/1.0 ends the connection"
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
