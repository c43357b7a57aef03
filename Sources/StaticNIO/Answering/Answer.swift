#if NIO
  internal import NIOCore
  internal import NIOPosix
  internal import StaticAssets

  /// Which requests are answered.
  enum Role: Sendable {
    /// Those for files.
    case files
    /// All: with the fallback, or 404.
    case rest
  }

  /// One request with its response.
  struct Answer<Parts: MessageParts>: Sendable {
    private(set) var response: PreparedResponse<Parts>
    var persistence: Persistence

    /// What the response is of; nil for one that needs no file.
    private var source: Source?

    private struct Source {
      let table: FileTable
      let request: ParsedRequest
    }

    /// The answer to a request; nil when it is nothing of the current table's.
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

    /// An answer that says no more than its status.
    init(_ status: AnyStatus, _ persistence: Persistence, isHead: Bool = false) {
      response = PreparedResponse(status, isHead: isHead)
      self.persistence = persistence
      source = nil
    }

    /// The response of `table` to a request; nil when it is the app's.
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
      // A page of a single-page app is not for clients that do not accept HTML.
      if plan.status == .noContent || plan.status == .notFound {
        return PreparedResponse(PlainResponse(plan, of: table, to: request), of: table)
      }
      if let page = table.page(for: .notFound, to: request) {
        return PreparedResponse(page, of: table)
      }
      return PreparedResponse(AnyStatus(.notFound), isHead: request.head.method == .head)
    }

    /// The operator's page for `status`, which the app has; nil when there is none.
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

    /// An answer whose file is open, so that its head can be sent.
    struct Opened: Sendable {
      let answer: Answer
      /// The file of the body; nil when the body is in memory.
      let file: BodyFile?
    }

    /// The answer with its file, if that takes no call that may block; nil if `opened` is to be called.
    var kept: Opened? {
      guard let source, let stored = response.stored else { return Opened(answer: self, file: nil) }
      return source.table.openKept(stored).map { opened($0, source) }
    }

    /// The answer with its file, or another one if the file has changed since the table was built; blocks.
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

    /// The answer when the file of the body is not to be had.
    var failed: Answer { Answer(AnyStatus(.internalError), persistence) }
  }
#endif
