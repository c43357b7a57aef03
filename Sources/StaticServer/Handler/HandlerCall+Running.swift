internal import StaticAssets

/// Runs a handler and writes its response as HTTP/1.1 bytes, which the loop parses like an app's.
extension HandlerCall {
  /// Calls `handler` and adds the bytes of its response.
  func run(_ handler: HandlerConfiguration, _ request: HandlerRequest) async {
    do {
      let response = try await Self.response(to: request, handler)
      guard !response.isLeft else {
        add([], .notFound)
        return
      }
      try await send(response, isHead: request.method == "HEAD")
    } catch {
      let isExpected = isAbandoned
      add([], .failure)
      if !isExpected { handler.onError?(error, request) }
    }
  }

  private static func response(
    to request: HandlerRequest,
    _ handler: HandlerConfiguration
  ) async throws -> HandlerResponse {
    do {
      return try await handler.handle(request)
    } catch is HandlerResponse.NotFound {
      return .notFound
    }
  }

  private func send(_ response: HandlerResponse, isHead: Bool) async throws {
    guard (200...599).contains(response.status), response.fields.areSendable,
      response.body.byteCount >= 0
    else {
      throw UnsendableResponse(response)
    }
    let hasContent = !isHead && response.status != 204 && response.status != 304
    let head = Self.head(of: response, isHead: isHead)
    switch response.body.source {
    case .bytes(let bytes):
      add(hasContent ? head + bytes : head, .end)
    case .stream(_, let isEndless, let write):
      if isEndless { noteEndless() }
      try await self.write(head)
      if hasContent { try await write(HandlerBodyWriter(call: self)) }
      add([], .end)
    }
  }

  /// The status line and the fields; without a length, the content is delimited by the end of the
  /// bytes.
  private static func head(of response: HandlerResponse, isHead: Bool) -> [UInt8] {
    var fields = response.fields
    let ownLength = fields["Content-Length"]
    for name in ["Connection", "Content-Length", "Transfer-Encoding"] { fields[name] = nil }
    switch (response.status, response.body.source) {
    case (204, _), (304, _): break
    case (_, .bytes(let bytes)):
      fields["Content-Length"] = isHead && bytes.isEmpty ? ownLength : "\(bytes.count)"
    case (_, .stream(let byteCount, _, _)):
      fields["Content-Length"] = byteCount.map { "\($0)" }
    }
    let status = UInt16(response.status)
    var text = "HTTP/1.1 \(status) \(ReasonPhrase.of(status))\r\n"
    for line in fields.lines { text += "\(line.name): \(line.value)\r\n" }
    return Array("\(text)\r\n".utf8)
  }
}

/// The error of a handler's response that is invalid.
private struct UnsendableResponse: Error, CustomStringConvertible {
  let description: String

  init(_ response: HandlerResponse) {
    guard (200...599).contains(response.status) else {
      description = "the status \(response.status) is not from 200 to 599"
      return
    }
    guard response.body.byteCount >= 0 else {
      description = "the length \(response.body.byteCount) of the content is negative"
      return
    }
    let line = response.fields.lines.first { !HandlerFields([$0]).areSendable }
    let name = String(reflecting: line?.name ?? "")
    description = "the response's field \(name) has an invalid name or value"
  }
}
