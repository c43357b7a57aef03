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
      let assets: LiveTable
      let table: FileTable
      let request: ParsedRequest
      let role: Role
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
      source = Source(assets: assets, table: table, request: facts.request, role: role)
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

    /// The file of the body if the table keeps it open and it has not changed; does not block.
    var keptFile: BodyFile? {
      guard let source, let number = response.fileNumber,
        let file = source.table.keptBody(number)
      else { return nil }
      return (try? file.checkVersion()).map { file }
    }

    /// The file of the body; blocks.
    ///
    /// - Throws: `FileError` when it cannot be opened or has changed.
    func openedFile() throws(FileError) -> BodyFile? {
      guard let source, let number = response.fileNumber else { return nil }
      let file = try source.table.openBody(number)
      try file.checkVersion()
      return file
    }

    /// The answer of a newer table, after a file of this one's was found to have changed; nil when there
    /// is none.
    func renewed() async -> Answer? {
      guard let source, let table = await source.assets.newerTable(than: source.table),
        let response = Self.response(to: source.request, of: table, as: source.role)
      else { return nil }
      var renewed = self
      renewed.response = response
      renewed.source = Source(
        assets: source.assets,
        table: table,
        request: source.request,
        role: source.role
      )
      return renewed
    }

    /// The answer when the file of the body is not to be had.
    var failed: Answer { Answer(AnyStatus(.internalError), persistence) }
  }
#endif
