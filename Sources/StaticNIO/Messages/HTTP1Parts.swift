#if NIO
  internal import NIOCore
  internal import NIOHTTP1
  internal import NIOPosix
  internal import StaticAssets

  /// Pipelines with `HTTPServerRequestPart` and `HTTPServerResponsePart`, the types of NIO's codecs
  /// for HTTP/1.1 and HTTP/2.
  enum HTTP1Parts: MessageParts {
    static func step(_ part: HTTPServerRequestPart) -> RequestStep<HTTPRequestHead> {
      switch part {
      case .head(let head): .head(head)
      case .body: .content
      case .end: .end
      }
    }

    static func facts(of head: HTTPRequestHead) -> RequestFacts? {
      let isVersion10 = head.version == .http1_0
      let request = ParsedRequest(
        method: head.method.rawValue,
        target: head.uri,
        isVersion10: isVersion10
      )
      guard var request else { return nil }
      for (name, value) in head.headers { request.add(name, value) }
      return RequestFacts(
        request: request,
        isVersion10: isVersion10,
        keepsAlive: RequestFacts.keepsAlive(
          head.headers[canonicalForm: "connection"],
          isVersion10: isVersion10
        ),
        expects: head.headers.contains(name: "expect")
      )
    }

    static func head(
      _ status: AnyStatus,
      _ fields: [(name: String, value: String)]
    ) -> HTTPResponseHead {
      HTTPResponseHead(
        version: .http1_1,
        status: HTTPResponseStatus(statusCode: status.code, reasonPhrase: status.reason),
        headers: HTTPHeaders(fields.map { ($0.name, $0.value) })
      )
    }

    static func add(date: String, connection: String?, to head: inout HTTPResponseHead) {
      head.headers.reserveCapacity(head.headers.count + 2)
      head.headers.add(name: "Date", value: date)
      if let connection { head.headers.add(name: "Connection", value: connection) }
    }

    static func part(_ head: HTTPResponseHead) -> HTTPServerResponsePart { .head(head) }

    static func part(_ buffer: ByteBuffer) -> HTTPServerResponsePart { .body(.byteBuffer(buffer)) }

    static func part(_ region: FileRegion) -> HTTPServerResponsePart? { .body(.fileRegion(region)) }

    static var end: HTTPServerResponsePart { .end(nil) }
  }
#endif
