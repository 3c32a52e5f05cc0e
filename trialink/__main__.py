"""`python -m trialink`."""

from __future__ import annotations

from trialink.cli import main

raise SystemExit(main())
