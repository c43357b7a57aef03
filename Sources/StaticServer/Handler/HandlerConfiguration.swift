public import StaticAssets

/// A function of this process that handles requests for no file, and its limits and time-outs.
///
/// ```swift
/// configuration.handler = HandlerConfiguration { request in HandlerResponse(text: request.target)
/// }
/// ```
///
/// **Memory.** A request holds at most `memoryBytesMax` bytes of its content, as many of its
/// response, and 64 KiB in transit. Further bytes are in unlinked temporary files.
public struct HandlerConfiguration: Sendable {
  /// The function; it is called in a new task for each request.
  ///
  /// A request's content is complete when the function is called, unless `streamsContent` is set.
  /// Writes to the response suspend while `memoryBytesMax` bytes wait for the client.
  public var handle: RequestHandler
  /// Whether the function is called when the head of a request was received, and reads the content
  /// while it is received; false by default.
  ///
  /// Then nothing is stored: at most 64 KiB wait for the function, and reading from the client
  /// pauses at this limit. A slow client occupies the function for as long as it sends. If the
  /// response is complete before the content, the rest of the content is dropped and the connection
  /// closes. 100 (Continue) is sent when the function first reads content.
  public var streamsContent = false
  /// The executor for the tasks; nil, the default, is Swift's global thread pool.
  ///
  /// On a separate executor, the function is not delayed by other tasks of the pool.
  public var executor: (any TaskExecutor)?
  /// Receives each error that the function throws, and the reason if its response is invalid.
  ///
  /// The client gets 500; if the response has begun, the connection is closed instead. The
  /// cancellation of a task whose client has left is not reported.
  public var onError: (@Sendable (any Error, HandlerRequest) -> Void)?
  /// The time without progress after which the response is 504, 1 ms to 24 hours, 60 s by default.
  ///
  /// Progress is a response byte that the function writes, or received content.
  public var responseTimeout: Duration = .seconds(60)
  /// The limit of request content in bytes, 100 MiB by default; larger content gets 413.
  ///
  /// At most 1 TiB, like the other sizes.
  public var contentBytesMax: Int64 = 100 << 20
  /// Bytes of request content, and as many of the response, that are kept in memory; 64 KiB by
  /// default, at most 1 GiB.
  public var memoryBytesMax = 65536
  /// The limit of response bytes that wait for a slow client, in memory and a file; 1 GiB by
  /// default.
  ///
  /// At the limit, writes suspend.
  public var responseBytesMax: Int64 = 1 << 30
  /// The limit of bytes in temporary files, for all requests and responses together; 8 GiB by
  /// default.
  public var spoolBytesMax: Int64 = 8 << 30
  /// Whether a client that shuts down its sending side still waits for its response; false by
  /// default.
  ///
  /// Browsers and proxies close both directions at once. If this is false, such a client is treated
  /// as disconnected: its request is not handled, or the task is cancelled. Set it to true for
  /// programs that shut down their sending side after a request and then read.
  public var allowsHalfClosedClients = false
  /// Directories of files that the function may select with `X-Accel-Redirect` or `X-Sendfile`.
  ///
  /// If there are none, these fields are passed on to the client.
  public var namedFiles: [NamedDirectory] = []
  /// The directory of the temporary files; `/tmp` by default.
  public var temporaryDirectory: BytePath = "/tmp"

  /// Calls `handle` for each request for no file.
  public init(_ handle: @escaping RequestHandler) {
    self.handle = handle
  }
}
