#if NIO
  internal import NIOCore
  internal import NIOPosix
  internal import StaticAssets

  /// The requests that a handler answers.
  enum Role: Sendable {
    /// Requests for files and redirects.
    case files
    /// All requests: with the fallback, or 404.
    case rest
  }

  /// The response to one request, with the state to send it.
  struct Answer<Parts: MessageParts>: Sendable {
    private(set) var response: PreparedResponse<Parts>
    var persistence: Persistence

    /// The table and the request of the response; nil for one that needs no file.
    private var source: Source?

    private struct Source {
      let table: FileTable
      let request: ParsedRequest
    }

    /// The response to a request; nil when the current table leaves it to the app.
    init?(
      to facts: RequestFacts,
      from assets: LiveTable,
      as role: Role,
      _ persistence: Persistence
    ) {
      let table = assets.current
      guard let response = Self.response(to: facts.request, of: table, as: role) else { return nil }
      if let status = facts.request.refusal {
        let isHead = facts.request.head.method == .head
        self = Answer(AnyStatus(status), persistence.ending, isHead: isHead)
        return
      }
      self.response = response
      self.persistence = persistence
      source = Source(table: table, request: facts.request)
    }

    /// A response with only its status as text.
    init(_ status: AnyStatus, _ persistence: Persistence, isHead: Bool = false) {
      response = PreparedResponse(status, isHead: isHead)
      self.persistence = persistence
      source = nil
    }

    /// The response of `table` to a request; nil when the request belongs to the app.
    private static func response(
      to request: ParsedRequest,
      of table: FileTable,
      as role: Role
    ) -> PreparedResponse<Parts>? {
      switch role {
      case .files: table.fileResponse(to: request) { PreparedResponse($0, of: table) }
      case .rest:
        table.fallbackResponse(to: request) { PreparedResponse($0, of: table) }
          ?? lastResponse(to: request, of: table)
      }
    }

    /// 404 with its error page, or 204 for `OPTIONS *`.
    private static func lastResponse(
      to request: ParsedRequest,
      of table: FileTable
    ) -> PreparedResponse<Parts> {
      let plan = table.planOutside(for: request.head, in: request.bytes.span)
      // Only for clients that accept HTML, which `fallbackResponse` has checked, so a page of a
      // single-page app is not sent here.
      if plan.status == .noContent || plan.status == .notFound {
        return PreparedResponse(PlainResponse(plan, of: table, to: request), of: table)
      }
      if let page = table.page(for: .notFound, to: request) {
        return PreparedResponse(page, of: table)
      }
      return PreparedResponse(AnyStatus(.notFound), isHead: request.head.method == .head)
    }

    /// The operator's error page for `status`, the app's status; nil when there is none.
    init?(
      page status: AnyStatus,
      to facts: RequestFacts,
      from assets: LiveTable,
      _ persistence: Persistence
    ) {
      let table = assets.current
      guard let code = UInt16(exactly: status.code), let known = ResponseStatus(rawValue: code),
        let page = table.page(for: known, to: facts.request)
      else { return nil }
      response = PreparedResponse(page, of: table)
      self.persistence = persistence
      source = nil
    }

    /// A response whose file is open: its head can be sent, because opening can no longer fail.
    struct Opened: Sendable {
      let answer: Answer
      /// The file of the body; nil when the body is in memory.
      let file: BodyFile?
    }

    /// The response with its file, if no call that may block is needed; nil if `opened` must be
    /// called.
    var kept: Opened? {
      guard let source, let stored = response.stored else { return Opened(answer: self, file: nil) }
      return source.table.openKept(stored).map { opened($0, source) }
    }

    /// The response with its file, or another one if the file has changed since the table was
    /// built; blocks.
    ///
    /// - Throws: `FileError` when the file cannot be opened.
    func opened() throws(FileError) -> Opened {
      guard let source, let stored = response.stored else { return Opened(answer: self, file: nil) }
      return opened(try source.table.open(stored, to: source.request), source)
    }

    private func opened(_ result: OpenedResponse, _ source: Source) -> Opened {
      guard result.table !== source.table else { return Opened(answer: self, file: result.file) }
      var renewed = self
      renewed.response = PreparedResponse(result.response, of: result.table)
      return Opened(answer: renewed, file: result.file)
    }

    /// 500, sent when the file of the body cannot be opened.
    var failed: Answer { Answer(AnyStatus(.internalError), persistence) }
  }
#endif
