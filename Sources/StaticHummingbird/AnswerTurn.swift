#if Hummingbird
  internal import StaticAssets

  /// When the table is asked for a response.
  enum AnswerTurn {
    /// Before the routes.
    case file
    /// After they have answered 404, with or without content.
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
