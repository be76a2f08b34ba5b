//! Exact sparse capacitated assignment: selection and least-cost placement, with certificates.
