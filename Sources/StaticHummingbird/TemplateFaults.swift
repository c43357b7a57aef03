#if Hummingbird
  internal import Hummingbird
  internal import Synchronization

  /// What templates have wrong, noted in development while a response is made.
  final class TemplateFaults: Sendable {
    /// Those of the request that the task answers; nil elsewhere.
    @TaskLocal static var current: TemplateFaults?

    private let lines = Mutex<[String]>([])

    func note(_ line: String) {
      lines.withLock { if !$0.contains(line) { $0.append(line) } }
    }

    /// A response that tells all of them; nil when there is none.
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
