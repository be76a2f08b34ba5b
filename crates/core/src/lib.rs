//! Decides who gets a place and where: eligibility, lottery, market, mechanisms, explanation.
