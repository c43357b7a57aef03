#if NIOHTTPTypes
  internal import HTTPTypes
  internal import NIOCore
  internal import NIOHTTPTypes
  internal import StaticAssets
  internal import StaticHTTPTypes

  /// Pipelines with `HTTPRequestPart` and `HTTPResponsePart`.
  enum HTTPTypesParts: MessageParts {
    static func step(_ part: HTTPRequestPart) -> RequestStep<HTTPRequest> {
      switch part {
      case .head(let head): .head(head)
      case .body: .content
      case .end: .end
      }
    }

    static func facts(of head: HTTPRequest) -> RequestFacts? {
      guard let request = ParsedRequest(head) else { return nil }
      let options = head.headerFields[values: .connection].flatMap { value in
        value.split { $0 == "," || $0 == " " || $0 == "\t" }
      }
      let isVersion10 = request.head.isVersion10
      return RequestFacts(
        request: request,
        isVersion10: isVersion10,
        keepsAlive: RequestFacts.keepsAlive(options, isVersion10: isVersion10),
        expects: head.headerFields.contains(.expect)
      )
    }

    static func head(
      _ status: AnyStatus,
      _ fields: [(name: String, value: String)]
    ) -> HTTPResponse {
      var head = HTTPResponse(status: .init(code: status.code, reasonPhrase: status.reason))
      head.headerFields.reserveCapacity(fields.count + 2)
      for field in fields {
        guard let name = HTTPField.Name(field.name) else { continue }
        head.headerFields.append(HTTPField(name: name, value: field.value))
      }
      return head
    }

    static func add(date: String, connection: String?, to head: inout HTTPResponse) {
      head.headerFields[.date] = date
      if let connection { head.headerFields[.connection] = connection }
    }

    static func part(_ head: HTTPResponse) -> HTTPResponsePart { .head(head) }

    static func part(_ buffer: ByteBuffer) -> HTTPResponsePart { .body(buffer) }

    static func part(_ region: FileRegion) -> HTTPResponsePart? { nil }

    static var end: HTTPResponsePart { .end(nil) }
  }
#endif
