#if Hummingbird
  public import Logging
  public import Mustache
  public import StaticAssets

  extension MustacheLambda {
    /// A section that turns the name of a file into its URL, hashed if it was collected.
    ///
    /// ```swift
    /// template.render(["static": MustacheLambda.url(of: assets), "title": "Home"])
    /// ```
    /// ```html
    /// <link rel="stylesheet" href="{{#static}}css/app.css{{/static}}">
    /// ```
    ///
    /// The text is used as written in the template, without surrounding white space; for names in
    /// variables, call `LiveTable.url(for:)` in Swift. `/css/app.css` means `css/app.css`.
    ///
    /// An unknown name, and a name whose URL has no hash, is logged as a warning, once for each
    /// release. In development it is an error, and the response of `StaticAssetsMiddleware` is a
    /// 500 with the error text. The URL of an unknown name is the name below the first directory's
    /// URL path.
    ///
    /// - Parameters:
    ///   - assets: read when the template is rendered: a reload takes effect at the next request
    ///     that `StaticAssetsMiddleware` passes on, so that all names of a page are of one release.
    ///   - logger: receives the warnings and errors.
    public static func url(
      of assets: LiveTable,
      logger: Logger = Logger(label: "StaticAssets")
    ) -> MustacheLambda {
      let reference = TemplateReference(assets: assets, logger: logger)
      return MustacheLambda { text in reference.url(for: text) as String }
    }

    /// A section that turns the name of a file into its `integrity` value; empty, which browsers
    /// ignore, if it is unknown.
    ///
    /// - Parameters:
    ///   - assets: as for `url(of:logger:)`.
    ///   - logger: receives unknown names.
    public static func integrity(
      of assets: LiveTable,
      logger: Logger = Logger(label: "StaticAssets")
    ) -> MustacheLambda {
      let reference = TemplateReference(assets: assets, logger: logger)
      return MustacheLambda { text in reference.integrity(for: text) as String }
    }
  }
#endif
