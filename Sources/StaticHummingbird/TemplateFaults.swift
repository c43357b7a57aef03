#if Hummingbird
  internal import Hummingbird
  internal import Synchronization

  /// The faults of templates, collected in development while a response is built.
  final class TemplateFaults: Sendable {
    /// The faults of the request that the current task handles; nil outside of a request.
    @TaskLocal static var current: TemplateFaults?

    private let lines = Mutex<[String]>([])

    func note(_ line: String) {
      lines.withLock { if !$0.contains(line) { $0.append(line) } }
    }

    /// A response that lists all faults; nil when there are none.
    var response: Response? {
      let lines = lines.withLock { $0 }
      guard !lines.isEmpty else { return nil }
      let text = lines.map { "static files: \($0)\n" }.joined()
      return Response(
        status: .internalServerError,
        headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text))
      )
    }
  }
#endif
