extension Framework {
  /// SwiftNIO's HTTP/1 pipeline without its own error handling.
  static let nio = Framework(
    name: "nio",
    deviations: [
      Deviation(
        reason: "NIO's parser forgives more than one space in a request line",
        rows: [
          "request line: two spaces after the method",
          "request line: two spaces before the version",
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
        reason: "NIO takes no other versions than HTTP/1.0 and HTTP/1.1, and refuses them with 400",
        rows: [
          "HTTP/1.2 is read as 1.1",
          "a version that is not supported is 505",
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
        reason: "NIO's parser waits for more of a request that ends early",
        rows: [
          "a line without a version is refused, not answered as HTTP/0.9",
          "chunked in HTTP/1.0 is refused",
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
