extension FileTable {
  /// The page of a single-page app, sent for names that no file has.
  ///
  /// It answers GET and HEAD if the path may be a page's: no segment begins with a dot, and the
  /// last one does not end with an extension that has a media type. Only the path decides, so that
  /// `/users/jane.doe` is a page and a missing `/app.js` is not: browsers refuse to run a page as a
  /// script, and caches would store it.
  public struct Fallback: Sendable, Equatable {
    /// Who is asked first where there is an app.
    public enum Order: Sendable, BitwiseCopyable {
      /// This page: the app gets none of the requests that it answers.
      case beforeApp
      /// The app: the page replaces its 404 if the client accepts HTML.
      case afterApp
    }

    /// The path of the file.
    public var file: String
    /// The URL path that it belongs to, with everything below; begins and ends with a slash.
    ///
    /// Nil stands for everything below the public mounts. The longest path wins, also against collected roots and apps that have a URL path.
    public var path: String?
    /// Who is asked first.
    public var order: Order

    /// A fallback.
    ///
    /// - Parameters:
    ///   - file: the path of the file.
    ///   - path: its URL path; nil stands for everything below the public mounts.
    ///   - order: who is asked first. Nil stands for the page if it has a URL path, else the app.
    public init(_ file: String, at path: String? = nil, order: Order? = nil) {
      self.file = file
      self.path = path
      self.order = order ?? (path == nil ? .afterApp : .beforeApp)
    }
  }
}

extension FileTable.Options {
  /// The path of the fallback for everything below the public mounts, which comes after the app;
  /// nil for none.
  ///
  /// The first element of `fallbacks` without a URL path.
  package var fallback: String? {
    get { fallbacks.first { $0.path == nil }?.file }
    set {
      fallbacks.removeAll { $0.path == nil }
      if let newValue { fallbacks.append(FileTable.Fallback(newValue)) }
    }
  }
}
