import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import StaticAssets
import StaticHummingbird
import Synchronization

/// A temporary directory, removed with its owner.
final class Directory: Sendable {
  let path: String

  init() {
    path = "\(NSTemporaryDirectory())/hummingbird-test-\(UUID().uuidString)"
    try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file in place, with its missing directories; returns its path.
  @discardableResult
  func write(_ content: String, to name: String) -> String {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try! FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    if let handle = FileHandle(forWritingAtPath: file.path) {
      try! handle.truncate(atOffset: 0)
      try! handle.write(contentsOf: Data(content.utf8))
      try! handle.close()
    } else {
      try! Data(content.utf8).write(to: file)
    }
    return file.path
  }
}

/// A completely received response.
struct Answer {
  let status: Int
  let headers: HTTPFields
  let body: String
  /// The endpoint name of the request in metrics and traces.
  let endpoint: String?
}

/// A router as in an app, called without a socket.
struct Asker {
  let responder: any HTTPResponder<BasicRequestContext>
  var logger = Logger(label: "test")

  init(_ router: Router<BasicRequestContext>) {
    responder = router.buildResponder()
  }

  /// The response to a request, with its body not yet written.
  func begin(
    _ method: String,
    _ path: String,
    _ headers: HTTPFields = [:]
  ) async throws -> (Response, BasicRequestContext) {
    let head = HTTPRequest(
      method: .init(method)!,
      scheme: "http",
      authority: "localhost",
      path: path,
      headerFields: headers
    )
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    let context = BasicRequestContext(
      source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: logger)
    )
    return (try await responder.respond(to: request, context: context), context)
  }

  func ask(
    _ method: String,
    _ path: String,
    _ headers: HTTPFields = [:]
  ) async throws -> Answer {
    let (response, context) = try await begin(method, path, headers)
    let writer = Collector()
    try await response.body.write(writer)
    return Answer(
      status: response.status.code,
      headers: response.headers,
      body: String(buffer: writer.bytes.withLock { $0 }),
      endpoint: context.endpointPath
    )
  }
}

/// Collects a body.
final class Collector: ResponseBodyWriter, Sendable {
  let bytes = Mutex(ByteBuffer())
  /// Called before each piece is accepted.
  let beforePiece: @Sendable () -> Void

  init(beforePiece: @escaping @Sendable () -> Void = {}) {
    self.beforePiece = beforePiece
  }

  func write(_ buffer: ByteBuffer) async throws {
    beforePiece()
    _ = bytes.withLock { $0.writeImmutableBuffer(buffer) }
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
