extension FileTable {
  /// The page of a single-page app, sent for paths that match no file.
  ///
  /// It is the response to GET and HEAD if the path may be a page's: no segment begins with a dot,
  /// and the last one does not end with an extension that has a media type. Only the path decides,
  /// so that `/users/jane.doe` is a page and a missing `/app.js` is not: browsers refuse to run a
  /// page as a script, and caches would store it.
  public struct Fallback: Sendable, Equatable {
    /// The precedence of the page and the app.
    public enum Order: Sendable, BitwiseCopyable {
      /// The page first: the app gets none of the requests that the page matches.
      case beforeApp
      /// The app first: the page replaces its 404 if the client accepts HTML.
      case afterApp
    }

    /// The path of the file.
    package var file: String
    /// The URL path of the page, including everything below; begins and ends with a slash.
    ///
    /// Nil means everything below the public mounts. The longest path takes precedence, also over
    /// collected roots and apps with a URL path.
    package var path: String?
    /// The precedence of the page and the app.
    package var order: Order

    /// A fallback.
    ///
    /// - Parameters:
    ///   - file: the path of the file.
    ///   - path: its URL path; nil means everything below the public mounts.
    ///   - order: the precedence. Nil means the page first if it has a URL path, else the app
    ///     first.
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
