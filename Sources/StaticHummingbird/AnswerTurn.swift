#if Hummingbird
  internal import StaticAssets

  /// The position of the table relative to the routes.
  enum AnswerTurn {
    /// Before the routes.
    case file
    /// After the routes have responded with 404, with or without content.
    case fallback(hasContent: Bool)

    /// The response of `table`; nil when it has none.
    func response(to request: ParsedRequest, from table: FileTable) -> PreparedResponse? {
      switch self {
      case .file:
        table.fileResponse(to: request) { PreparedResponse($0, of: table) }
      case .fallback(let hasContent):
        table.fallbackResponse(to: request, hasContent: hasContent) {
          PreparedResponse($0, of: table)
        }
      }
    }
  }
#endif
