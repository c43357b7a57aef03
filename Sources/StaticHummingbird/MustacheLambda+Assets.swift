#if Hummingbird
  public import Mustache
  public import StaticAssets

  extension MustacheLambda {
    /// A section whose text is a file's name and which becomes its URL, hashed if it was collected.
    ///
    /// ```swift
    /// template.render(["static": MustacheLambda.url(of: assets), "title": "Home"])
    /// ```
    /// ```html
    /// <link rel="stylesheet" href="{{#static}}css/app.css{{/static}}">
    /// ```
    ///
    /// The text is taken as it stands in the template, without the white space around it; names in
    /// variables need `FileTable.url(for:)` in Swift. A name that no file has stays as it is behind
    /// the prefix `missing`, so that the browser's 404 tells which it was.
    ///
    /// - Parameters:
    ///   - assets: asked when the template is rendered, so a reload counts at once.
    ///   - missing: the URL path for names without a file.
    public static func url(
      of assets: LiveTable,
      missing: String = "/static/"
    ) -> MustacheLambda {
      MustacheLambda { text in
        let name = trimmed(text)
        let url: String = assets.current.url(for: name) ?? missing + name
        return url
      }
    }

    /// A section whose text is a file's name and which becomes the value of `integrity` for it;
    /// empty, which browsers take for none, where that is not known.
    public static func integrity(of assets: LiveTable) -> MustacheLambda {
      MustacheLambda { text in
        let value: String = assets.current.integrity(for: trimmed(text)) ?? ""
        return value
      }
    }

    private static func trimmed(_ text: String) -> String {
      let start = text.drop(while: \.isWhitespace)
      return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
  }
#endif
